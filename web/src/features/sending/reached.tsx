// To which channels something would go, as a dry run has said.

import { useSpeech } from '../../i18n'
import { between } from '../../i18n/between'
import { useChannels } from '../../parts/choose'
import { inReasons } from './progress'
import type { Sent } from './wire'

/** Channels that are named; of more only the number is said. */
const NAMED = 5

export function Reached({ kind, sent }: { kind: string; sent: Sent }) {
  const { t, language } = useSpeech()
  const channels = useChannels()
  const named = (names: string[]) => names.slice(0, NAMED).join(between(language))
  const told = sent.channel_ids.map((id) => channels.find((one) => one.channel_id === id)?.name ?? id)
  return (
    <>
      <p className="note gap-below tone-note" data-testid="reached">
        {t(told.length > NAMED ? 'notice.reaches_many' : 'notice.reaches', { n: told.length, named: named(told) })}
      </p>
      {inReasons(kind, sent.left_out).map(([why, left]) => {
        const names = left.map(({ channel_name }) => channel_name)
        const lacking = why === 'sending.unfilled' ? [...new Set(left.map(({ zh, en }) => (language === 'en' ? en : zh)))] : []
        return (
          <div key={why} className="note gap-below tone-warn" data-testid="left-out">
            {t(left.length > NAMED ? 'sending.left_out_many' : 'sending.left_out', { n: left.length, named: named(names), why: why ? t(why) : '' })}
            {lacking.map((one) => (
              <p key={one}>{one}</p>
            ))}
          </div>
        )
      })}
    </>
  )
}
