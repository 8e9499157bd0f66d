// To which channels something would go, as a dry run has said.

import { type Key, useSpeech } from '../../i18n'
import { between } from '../../i18n/between'
import { useChannels } from '../../parts/choose'
import type { Sent } from './wire'

/** Channels that are named; of more only the number is said. */
const NAMED = 5

/** Why a channel is left out, in general; which it is of these is kept with the sending. */
const WHY: Record<string, Key> = { agreement: 'sending.without_agreement', key_rotation: 'sending.without_key' }

export function Reached({ kind, sent }: { kind: string; sent: Sent }) {
  const { t, language } = useSpeech()
  const why = WHY[kind]
  const channels = useChannels()
  const named = (names: string[]) => names.slice(0, NAMED).join(between(language))
  const told = sent.channel_ids.map((id) => channels.find((one) => one.channel_id === id)?.name ?? id)
  const left = sent.left_out.map(({ channel_name }) => channel_name)
  return (
    <>
      <p className="note gap-below tone-note" data-testid="reached">
        {t(told.length > NAMED ? 'notice.reaches_many' : 'notice.reaches', { n: told.length, named: named(told) })}
      </p>
      {left.length > 0 && <p className="note gap-below tone-warn">{t(left.length > NAMED ? 'sending.left_out_many' : 'sending.left_out', { n: left.length, named: named(left), why: why ? t(why) : '' })}</p>}
    </>
  )
}
