import { Link } from 'react-router'
import { useSpeech } from '../../i18n'
import { Countdown } from '../../parts/countdown'
import { momentText } from '../../parts/moment'
import { Page } from '../../parts/page'
import { type Column, type Filter, SearchTable } from '../../parts/search_table'
import { StatusTag } from '../../parts/status_tag'
import { Open } from './open'
import { ChannelLink } from './refer'
import { Party } from './wait_view'
import { fetchMatters, type Matter } from './wire'

export const KINDS = [
  'application',
  'agreement',
  'security_report',
  'monitoring',
  'risk_event',
  'exit',
  'notice',
  'maintenance',
  'campaign',
  'ticket',
  'suggestion',
  'filing',
]

export function Component() {
  const { t, name } = useSpeech()
  const columns: Column<Matter>[] = [
    {
      key: 'title',
      width: '12.5rem',
      title: t('matter.title'),
      render: (one) => <Link to={`/matters/${one.matter_id}`}>{one.title}</Link>,
      text: (one) => one.title,
    },
    { key: 'kind', title: t('matter.kind'), render: (one) => name('kind', one.kind), text: (one) => name('kind', one.kind) },
    {
      key: 'channel',
      title: t('matter.channel'),
      render: (one) => <ChannelLink matter={one} />,
      width: '8rem',
      text: (one) => one.channel_name ?? '',
    },
    { key: 'owner', title: t('matter.owner'), width: '11rem', render: (one) => one.owner_name, text: (one) => one.owner_name },
    {
      key: 'state',
      title: t('list.state'),
      render: (one) => <StatusTag family={`state.${one.kind}`} state={one.state} tone={one.is_ended ? 'calm' : 'note'} />,
      text: (one) => name(`state.${one.kind}`, one.state),
    },
    {
      key: 'waits',
      title: t('matter.waits'),
      width: '13rem',
      render: (one) => {
        const [first] = one.waits
        if (!first) return <span className="quiet">—</span>
        return (
          <span className="countdown">
            <span>
              <Party wait={first} />
              {one.waits.length > 1 && ` +${one.waits.length - 1}`}
            </span>
            {first.due_on && <Countdown compact deadline={{ due_on: first.due_on }} />}
          </span>
        )
      },
      text: (one) => one.waits.map((wait) => `${name('party', wait.party)} ${wait.due_on ?? ''}`.trim()).join('; '),
    },
    { key: 'opened', title: t('matter.opened'), width: '9rem', render: (one) => momentText(one.opened_at), text: (one) => momentText(one.opened_at) },
  ]
  const filters: Filter<Matter>[] = [
    { key: 'q', label: t('list.search'), admits: (one, q) => `${one.title} ${one.channel_name ?? ''} ${one.channel_number ?? ''} ${one.owner_name}`.includes(q) },
    { key: 'kind', label: t('matter.kind'), options: KINDS.map((kind) => ({ value: kind, label: name('kind', kind) })) },
    {
      key: 'ended',
      label: t('matter.progress'),
      options: [
        { value: 'false', label: t('matter.is_open') },
        { value: 'true', label: t('matter.is_ended') },
      ],
    },
  ]
  return (
    <Page title={t('nav.matters')} lead={t('matter.lead')} actions={<Open />}>
      <SearchTable
        title={t('nav.matters')}
        noun="matter"
        rowKey={(one) => one.matter_id}
        columns={columns}
        filters={filters}
        fetch={fetchMatters}
      />
    </Page>
  )
}
