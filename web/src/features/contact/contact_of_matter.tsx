// Whom to call about the channel of a matter.

import { useHolds } from '../../app/session'
import { useSpeech } from '../../i18n'
import { Clause } from '../../parts/clause'
import { Panel } from '../../parts/page'
import { useContacts } from './contacts'
import { Now } from './now'

/** To whoever may have to call; nothing where the matter itself tells it. */
export function ContactOfMatter({ channel_id, matter_id }: { channel_id: string | null | undefined; matter_id: string }) {
  const { t } = useSpeech()
  const holds = useHolds()
  const { data } = useContacts(channel_id && holds('channel.list') ? channel_id : undefined)
  const now = data?.contacts[0]
  if (!data?.may_reveal || !now || now.matter_id === matter_id) return null
  return (
    <Panel title={t('contact.title')} extra={<Clause ids="CH-16.3" />}>
      <Now contacts={data} now={now} />
    </Panel>
  )
}
