// Both recordings beside each other, with a way to the moment of every step.

import { Button } from 'antd'
import { useRef } from 'react'
import { useSpeech } from '../../i18n'
import { contentOf } from '../../parts/sending'
import { useAttachments } from '../../parts/upload'
import { clockText, type Mark, STEPS, SYSTEMS } from './marks'

interface Props {
  matter_id: string
  marks: Mark[]
}

export function Films({ matter_id, marks }: Props) {
  return (
    <div className="halves">
      {SYSTEMS.map((system) => (
        <Film key={system} matter_id={matter_id} system={system} marks={marks.filter((mark) => mark.system === system)} />
      ))}
    </div>
  )
}

function Film({ matter_id, system, marks }: Props & { system: string }) {
  const { t, name } = useSpeech()
  const film = useRef<HTMLVideoElement>(null)
  const { data } = useAttachments(matter_id)
  const purpose = `recording_${system}`
  const newest = data?.data.findLast((one) => one.purpose === purpose && one.state === 'complete')
  const go = (seconds: number) => {
    if (film.current) film.current.currentTime = seconds
  }
  const ordered = STEPS.flatMap((step) => marks.filter((mark) => mark.step === step))
  return (
    <div>
      <h3>{name('purpose', purpose)}</h3>
      {newest ? (
        // biome-ignore lint/a11y/useMediaCaption: a recording of a screen without speech
        <video ref={film} className="film" controls preload="metadata" src={contentOf(newest)} aria-label={name('purpose', purpose)} />
      ) : (
        <p className="quiet">{t('formal.no_film')}</p>
      )}
      <ul className="mark-list">
        {ordered.map(({ step, at_seconds }) => (
          <li key={step}>
            <Button
              size="small"
              disabled={!newest}
              onClick={() => go(at_seconds)}
            >
              {name('step', step)} {clockText(at_seconds)}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  )
}
