// All business in sight: what it is, whom it waits for, since when and until when by which clause.

import { Link, useSearchParams } from 'react-router'
import type { Schemas } from '../../api/client'
import { useToday } from '../../app/today'
import { useSpeech } from '../../i18n'
import { Countdown } from '../../parts/countdown'
import { dayText, momentText } from '../../parts/moment'
import { Page } from '../../parts/page'
import { type Column, type Filter, SearchTable } from '../../parts/search_table'
import { Grade, useGradeText, useSuspendedText } from '../risk_event/risk'
import { useMattersBulk } from './bulk'
import { Begin } from './begin'
import { MatterState, useStateText } from './matter_state'
import { statesOf } from './naming'
import { wholeMatters } from './narrowing'
import { ChannelLink } from './refer'
import { Party, useTask } from './wait_view'
import { PARTIES, pressing, type Timing, waitsSo } from './watch'
import { fetchMatters, type Matter } from './wire'

export const KINDS = [
  'application',
  'agreement',
  'signing_key',
  'key_change',
  'callback_change',
  'key_rotation',
  'security_report',
  'monitoring',
  'risk_event',
  'exit',
  'notice',
  'maintenance',
  'campaign',
  'rectification',
  'ticket',
  'suggestion',
  'filing',
]

const GRADES = ['1', '2', '3', 'none']
const TIMINGS: Timing[] = ['overdue', 'soon', 'later', 'none']

export function Component() {
  const { t } = useSpeech()
  return (
    <Page title={t('nav.matters')} lead={t('matter.lead')} actions={<Begin />}>
      <MatterList noun="matter" title={t('nav.matters')} />
    </Page>
  )
}

/** Matters, all in sight or one's own. */
export function MatterList({ noun, title, mine }: { noun: Schemas['ExportedList']; title: string; mine?: 'acted' | 'opened' }) {
  const { t, name } = useSpeech()
  const today = useToday()
  const stateText = useStateText()
  const bulk = useMattersBulk()
  const gradeText = useGradeText()
  const suspendedText = useSuspendedText()
  const [params] = useSearchParams()
  const kind = params.get('kind')
  const risk: Column<Matter>[] = [
    { key: 'grade', title: t('grade.title'), render: (one) => one.risk && <Grade risk={one.risk} />, text: (one) => gradeText(one.risk) },
    {
      key: 'suspended',
      title: t('grade.suspended'),
      width: '9rem',
      render: (one) => suspendedText(one.risk) || <span className="quiet">—</span>,
      text: (one) => suspendedText(one.risk),
    },
  ]
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
    { key: 'owner', title: t('matter.owner'), width: '9rem', render: (one) => one.owner_name, text: (one) => one.owner_name },
    {
      key: 'state',
      title: t('list.state'),
      // The grade has a column of its own where all are risk events.
      render: (one) => <MatterState matter={kind === 'risk_event' ? { ...one, risk: undefined } : one} />,
      text: stateText,
    },
    ...(kind === 'risk_event' ? risk : []),
    {
      key: 'waits',
      title: t('matter.waits'),
      width: '18rem',
      render: (one) => {
        const first = pressing(one.waits)
        if (!first) return <span className="quiet">—</span>
        return (
          <span className="countdown">
            <span>
              <Party wait={first} />
              {one.waits.length > 1 && ` +${one.waits.length - 1}`} <Task kind={one.kind} task={first.task} />
            </span>
            {first.due_on && <Countdown compact deadline={{ due_on: first.due_on, clause: first.clause }} />}
          </span>
        )
      },
      text: (one) => one.waits.map((wait) => [name('party', wait.party), wait.due_on, wait.clause].filter(Boolean).join(' ')).join('; '),
    },
    {
      key: 'since',
      title: t('matter.since'),
      render: (one) => dayText(pressing(one.waits)?.since),
      text: (one) => dayText(pressing(one.waits)?.since),
    },
    { key: 'opened', title: t('matter.opened'), render: (one) => dayText(one.opened_at), text: (one) => momentText(one.opened_at), isMoment: true },
  ]
  const filters: Filter<Matter>[] = [
    { key: 'q', label: t('list.search'), admits: (one, q) => `${one.title} ${one.channel_name ?? ''} ${one.channel_number ?? ''} ${one.owner_name}`.includes(q) },
    { key: 'kind', label: t('matter.kind'), options: KINDS.map((kind) => ({ value: kind, label: name('kind', kind) })) },
    ...(kind
      ? [
          {
            key: 'state',
            label: t('list.state'),
            within: 'kind',
            options: statesOf(kind).map((state) => ({ value: state, label: name(`state.${kind}`, state) })),
          },
        ]
      : []),
    ...(kind === 'risk_event'
      ? [
          {
            key: 'grade',
            label: t('grade.title'),
            within: 'kind',
            options: GRADES.map((grade) => ({ value: grade, label: grade === 'none' ? t('grade.none') : name('grade', grade) })),
          },
        ]
      : []),
    {
      key: 'ended',
      label: t('matter.progress'),
      options: [
        { value: 'false', label: t('matter.is_open') },
        { value: 'true', label: t('matter.is_ended') },
      ],
    },
    {
      key: 'waits',
      label: t('matter.waits'),
      options: PARTIES.map((party) => ({ value: party, label: name('party', party) })),
      admits: (one, party, { due }) => waitsSo(one, { party, timing: due }, today),
    },
    {
      key: 'due',
      label: t('matter.timing'),
      options: TIMINGS.map((timing) => ({ value: timing, label: name('timing', timing) })),
      admits: (one, timing, { waits }) => waitsSo(one, { party: waits, timing }, today),
    },
  ]
  return (
    <SearchTable
      title={title}
      noun={noun}
      rowKey={(one) => one.matter_id}
      columns={columns}
      filters={filters}
      whole={wholeMatters}
      bulk={bulk}
      fetch={(page) => fetchMatters(mine ? { ...page, values: { ...page.values, mine } } : page)}
    />
  )
}

function Task({ kind, task }: { kind: string; task: string }) {
  return <span className="quiet">{useTask(kind)(task)}</span>
}
