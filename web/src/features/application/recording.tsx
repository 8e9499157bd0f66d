// One recording of the formal filing: the film, and where in it each of the six steps is seen.

import { AimOutlined } from '@ant-design/icons'
import { Button, Form, Input } from 'antd'
import { useRef } from 'react'
import { useSpeech } from '../../i18n'
import { contentOf } from '../../parts/sending'
import { Upload, useAttachments } from '../../parts/upload'
import { clockText, secondsOf, STEPS } from './marks'

interface Props {
  matter_id: string
  system: string
  /** A moment was taken from the film instead of being written. */
  marked: (step: unknown) => void
}

export function Recording({ matter_id, system, marked }: Props) {
  const { t, name } = useSpeech()
  const form = Form.useFormInstance()
  const film = useRef<HTMLVideoElement>(null)
  const purpose = `recording_${system}`
  const { data } = useAttachments(matter_id)
  const newest = data?.data.findLast((one) => one.purpose === purpose && one.state === 'complete')
  const check = (_: unknown, text: string | undefined) =>
    !text || secondsOf(text) !== null ? Promise.resolve() : Promise.reject(new Error(t('formal.mark_shape')))
  return (
    <fieldset>
      <legend>{name('purpose', purpose)}</legend>
      <Form.Item name={['files', purpose]}>
        <Upload matter_id={matter_id} purpose={purpose} takes="film" />
      </Form.Item>
      {newest && (
        // biome-ignore lint/a11y/useMediaCaption: a recording of a screen without speech
        <video ref={film} className="film" controls preload="metadata" src={contentOf(newest)} aria-label={name('purpose', purpose)} />
      )}
      <div className="marks">
        {STEPS.map((step) => (
          <Form.Item key={step} name={['form', 'marks', system, step]} label={name('step', step)} rules={[{ validator: check }]}>
            <Input
              maxLength={8}
              placeholder="0:00"
              suffix={
                newest && (
                  <Button
                    type="text"
                    size="small"
                    icon={<AimOutlined aria-hidden />}
                    aria-label={t('formal.mark_now', { step: name('step', step) })}
                    onClick={() => {
                      form.setFieldValue(['form', 'marks', system, step], clockText(film.current?.currentTime ?? 0))
                      marked(step)
                    }}
                  />
                )
              }
            />
          </Form.Item>
        ))}
      </div>
    </fieldset>
  )
}
