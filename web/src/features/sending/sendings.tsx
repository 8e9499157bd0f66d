// What was put to many channels at once, and how many of them have answered.

import { Link } from 'react-router'
import { useSpeech } from '../../i18n'
import { momentText } from '../../parts/moment'
import { Page } from '../../parts/page'
import { type Column, SearchTable } from '../../parts/search_table'
import { StatusTag } from '../../parts/status_tag'
import { Begin } from '../matter/begin'
import { SENDING_TONES } from './progress'
import { Share } from './sending'
import { fetchSendings, type Sending } from './wire'

export function Component() {
  const { t, name } = useSpeech()
  const kind = (one: Sending) => name('sending_kind', one.kind)
  const state = (one: Sending) => name('sending_state', one.state)
  const sent = (one: Sending) => momentText(one.sent_at ?? one.send_at)
  const columns: Column<Sending>[] = [
    {
      key: 'title',
      title: t('matter.title'),
      width: '15rem',
      render: (one) => <Link to={`/sendings/${one.sending_id}`}>{one.title}</Link>,
      text: (one) => one.title,
    },
    { key: 'kind', title: t('matter.kind'), render: kind, text: kind },
    {
      key: 'state',
      title: t('list.state'),
      render: (one) => <StatusTag family="sending_state" state={one.state} tone={SENDING_TONES[one.state]} />,
      text: state,
    },
    { key: 'sent', title: t('sending.sent_at'), render: sent, text: sent, isMoment: true },
    {
      key: 'answered',
      title: t('sending.answered'),
      width: '14rem',
      render: (one) => (one.state === 'sent' ? <Share sending={one} /> : <span className="quiet">—</span>),
      text: ({ state, counts }) => state !== 'sent' ? '' : t('sending.share', { n: counts.answered, all: counts.channels - counts.dropped }),
    },
    { key: 'late', title: t('sending.late'), render: ({ counts }) => counts.late, text: ({ counts }) => String(counts.late), isNumber: true },
  ]
  return (
    <Page title={t('nav.sendings')} lead={t('sending.lead')} actions={<Begin isToMany />}>
      <SearchTable title={t('nav.sendings')} noun="sending" rowKey={(one) => one.sending_id} columns={columns} fetch={fetchSendings} />
    </Page>
  )
}
