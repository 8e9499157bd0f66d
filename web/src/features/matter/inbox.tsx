// 待办: what waits for whoever is signed in, the most urgent first; beside it what they have done, and what their office has opened.

import { Segmented } from 'antd'
import { Link, useSearchParams } from 'react-router'
import { useHolds, useSession } from '../../app/session'
import { useSpeech } from '../../i18n'
import { Clause } from '../../parts/clause'
import { Countdown } from '../../parts/countdown'
import { dayText, momentText } from '../../parts/moment'
import { Page } from '../../parts/page'
import { useBulk } from '../../parts/bulk_bar'
import { ShortTable } from '../../parts/short_table'
import { Failure } from '../../parts/states'
import { turnOf, useRegistrationsWaiting } from '../registration/waiting'
import { HANDS, type Hands, handsOf, inHands } from './hands'
import { useInboxBulk } from './bulk'
import { MatterState } from './matter_state'
import { MatterList } from './matters'
import { ChannelLink } from './refer'
import { useTask } from './wait_view'
import { useDaysLeft, useInbox } from './waiting'
import { isPressing, type Waiting } from './wire'

export function Component() {
  const { t } = useSpeech()
  const [params, setParams] = useSearchParams()
  const mine = MINE.find((one) => one === params.get('mine'))
  return (
    <Page
      title={t('nav.inbox')}
      lead={t(mine ? `inbox.lead_${mine}` : 'inbox.lead')}
      actions={
        <Segmented
          aria-label={t('nav.inbox')}
          value={mine ?? 'waiting'}
          options={(['waiting', ...MINE] as const).map((one) => ({ value: one, label: t(`inbox.${one}`) }))}
          onChange={(value) => setParams(value === 'waiting' ? {} : { mine: value })}
        />
      }
    >
      {mine ? (
        <MatterList key={mine} noun={`matter_${mine}`} title={t(`inbox.${mine}`)} mine={mine} />
      ) : (
        <>
          <Registrations />
          <Summary />
          <InHands />
        </>
      )}
    </Page>
  )
}

const MINE = ['acted', 'opened'] as const

/** Companies that wait for an account are answered on a page of their own. */
function Registrations() {
  const { t } = useSpeech()
  const state = turnOf(useHolds())
  const waiting = useRegistrationsWaiting()
  if (waiting === 0) return null
  return (
    <p className="tone-note note gap-below">
      <Link to={`/registrations?state=${state}`}>{t('register.waiting', { n: waiting > 99 ? '99+' : waiting })}</Link>
    </p>
  )
}

/** How much is late and how much will be soon, in words. */
export function Summary() {
  const { t } = useSpeech()
  const left = useDaysLeft()
  const { data } = useInbox()
  if (!data || data.length === 0) return null
  const days = data.map(({ wait }) => left(wait.due_on))
  const overdue = days.filter((one) => one !== null && one < 0).length
  const soon = days.filter((one) => one !== null && one >= 0 && one <= 7).length
  return (
    <p className="counts gap-below">
      <span className="tone-calm note">{t('inbox.all', { n: data.length })}</span>
      {overdue > 0 && <span className="tone-bad note">{t('inbox.overdue', { n: overdue })}</span>}
      {soon > 0 && <span className="tone-warn note">{t('inbox.soon', { n: soon })}</span>}
    </p>
  )
}

/** What waits, all of it or what is in certain hands. */
function InHands() {
  const { t } = useSpeech()
  const [params, setParams] = useSearchParams()
  const me = useSession().staff.staff_id
  const { data } = useInbox()
  const hands = HANDS.find((one) => one === params.get('hands'))
  const counts = inHands(data ?? [], me)
  return (
    <>
      <div className="gap-below">
        <Segmented
          aria-label={t('assignment.assignee')}
          value={hands ?? 'all'}
          options={[{ value: 'all', label: t('list.all') }, ...HANDS.map((one) => ({ value: one, label: `${t(`hands.${one}`)} ${counts[one]}` }))]}
          onChange={(value) => setParams(value === 'all' ? {} : { hands: value })}
        />
      </div>
      <Inbox hands={hands} />
    </>
  )
}

const NONE: Waiting[] = []

const keyOf = ({ matter, wait }: Waiting) => `${matter.matter_id} ${wait.task} ${wait.division ?? ''}`

/** The list itself, or its first rows. */
export function Inbox({ most, hands }: { most?: number; hands?: Hands }) {
  const { t, name } = useSpeech()
  const me = useSession().staff.staff_id
  const { data, error, isLoading, refetch } = useInbox()
  const shown = data?.filter((one) => hands === undefined || handsOf(one, me) === hands)
  const bulk = useInboxBulk()
  // The first rows on another page are looked at, not worked on.
  const { rowSelection, bar } = useBulk(most === undefined ? bulk : undefined, shown ?? NONE, keyOf)
  if (error) return <Failure error={error} retry={() => void refetch()} />
  return (
    <section className="list" aria-label={t('nav.inbox')}>
      {bar}
      <ShortTable<Waiting>
        size="middle"
        rowSelection={rowSelection}
        rowKey={keyOf}
        dataSource={shown?.slice(0, most) ?? []}
        loading={isLoading}
        empty={t('inbox.empty')}
        columns={[
          {
            title: t('matter.title'),
            key: 'title',
            width: '15rem',
            render: (_, { matter }) => <Link to={`/matters/${matter.matter_id}`}>{matter.title}</Link>,
          },
          {
            title: t('matter.channel'),
            key: 'channel',
            width: '9rem',
            render: (_, { matter }) => <ChannelLink matter={matter} />,
          },
          // Titles mostly say it; without it the first rows fit beside the menu.
          ...(most === undefined ? [{ title: t('matter.kind'), key: 'kind', render: (_: unknown, { matter }: Waiting) => name('kind', matter.kind) }] : []),
          { title: t('matter.task'), key: 'task', render: (_, { matter, wait }) => <Task kind={matter.kind} task={wait.task} /> },
          {
            title: t('list.state'),
            key: 'state',
            render: (_, { matter }) => <MatterState matter={matter} />,
          },
          {
            title: t('assignment.assignee'),
            key: 'assignee',
            render: (_, { assignee }) => (assignee ? assignee.login : <span className="quiet">{t('hands.unclaimed')}</span>),
          },
          {
            title: t('matter.due'),
            key: 'due',
            render: (_, one) =>
              one.wait.due_on ? (
                <Countdown compact deadline={{ due_on: one.wait.due_on }} />
              ) : isPressing(one) ? (
                <span className="countdown-left tone-bad">{t('inbox.pressing')}</span>
              ) : (
                <span className="quiet">{t('matter.no_limit')}</span>
              ),
          },
          {
            title: t('matter.clause'),
            key: 'clause',
            render: (_, { wait }) => (wait.clause ? <Clause ids={wait.clause} /> : <span className="quiet">—</span>),
          },
          { title: t('matter.since'), key: 'since', render: (_, { wait }) => <span title={momentText(wait.since)}>{dayText(wait.since)}</span> },
        ]}
      />
    </section>
  )
}

function Task({ kind, task }: { kind: string; task: string }) {
  return <>{useTask(kind)(task)}</>
}
