// 待办: what waits for whoever is signed in, the most urgent first.

import { Table } from 'antd'
import { Link } from 'react-router'
import { useHolds } from '../../app/session'
import { useSpeech } from '../../i18n'
import { Countdown } from '../../parts/countdown'
import { momentText } from '../../parts/moment'
import { Page } from '../../parts/page'
import { Failure, Nothing } from '../../parts/states'
import { StatusTag } from '../../parts/status_tag'
import { turnOf, useRegistrationsWaiting } from '../registration/waiting'
import { ChannelLink } from './refer'
import { useTask } from './wait_view'
import { useDaysLeft, useInbox } from './waiting'
import { isPressing, type Waiting } from './wire'

export function Component() {
  const { t } = useSpeech()
  return (
    <Page title={t('nav.inbox')} lead={t('inbox.lead')}>
      <Registrations />
      <Summary />
      <Inbox />
    </Page>
  )
}

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

/** The list itself, or its first rows. */
export function Inbox({ most }: { most?: number }) {
  const { t, name } = useSpeech()
  const { data, error, isLoading, refetch } = useInbox()
  if (error) return <Failure error={error} retry={() => void refetch()} />
  return (
    <section className="list" aria-label={t('nav.inbox')}>
      <Table<Waiting>
        size="middle"
        rowKey={({ matter, wait }) => `${matter.matter_id} ${wait.task} ${wait.division ?? ''}`}
        dataSource={data?.slice(0, most) ?? []}
        loading={isLoading}
        pagination={false}
        scroll={{ x: 'max-content' }}
        locale={{ emptyText: <Nothing text={t('inbox.empty')} /> }}
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
          { title: t('matter.kind'), key: 'kind', render: (_, { matter }) => name('kind', matter.kind) },
          { title: t('matter.task'), key: 'task', render: (_, { matter, wait }) => <Task kind={matter.kind} task={wait.task} /> },
          {
            title: t('list.state'),
            key: 'state',
            render: (_, { matter }) => <StatusTag family={`state.${matter.kind}`} state={matter.state} tone="note" />,
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
            render: (_, { wait }) => (wait.clause ? <span className="clause">{wait.clause}</span> : <span className="quiet">—</span>),
          },
          { title: t('matter.since'), key: 'since', render: (_, { wait }) => momentText(wait.since) },
        ]}
      />
    </section>
  )
}

function Task({ kind, task }: { kind: string; task: string }) {
  return <>{useTask(kind)(task)}</>
}
