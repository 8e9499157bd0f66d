// The work behind the requests: what waits to be done, what failed, and what the server does from time to time.

import { ReloadOutlined } from '@ant-design/icons'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useState } from 'react'
import { api, ask, type Schemas } from '../../api/client'
import { useHolds } from '../../app/session'
import { useSpeech } from '../../i18n'
import { useAttempt } from '../../parts/attempt'
import { momentText } from '../../parts/moment'
import { Page, Panel } from '../../parts/page'
import { ShortTable } from '../../parts/short_table'
import { Failure } from '../../parts/states'
import { every, lasted } from './span'

type Queue = Schemas['JobQueue']
type Job = Schemas['JobView']
type Duty = Schemas['DutyView']

/** Most failed jobs that are shown; they are in no order that says which matter more. */
const MOST = 200

export function Component() {
  const { t } = useSpeech()
  const { data, error, isFetching, refetch } = useQuery({ queryKey: ['job'], queryFn: () => ask(api.GET('/api/v1/jobs')) })
  const client = useQueryClient()
  const again = (
    <Button icon={<ReloadOutlined aria-hidden />} loading={isFetching} onClick={() => void client.invalidateQueries({ queryKey: ['job'] })}>
      {t('action.refresh')}
    </Button>
  )
  return (
    <Page title={t('nav.jobs')} lead={t('job.lead')} actions={again}>
      <div className="panels">
        {error && <Failure error={error} retry={() => void refetch()} />}
        <Panel title={t('job.queues')}>
          <Queues rows={data?.queues ?? []} />
        </Panel>
        <Failed />
        <Panel title={t('job.duties')}>
          <p className="quiet gap-below">{t('job.duties_hint')}</p>
          <Duties rows={data?.duties ?? []} />
        </Panel>
      </div>
    </Page>
  )
}

function Queues({ rows }: { rows: Queue[] }) {
  const { t, name } = useSpeech()
  return (
    <ShortTable<Queue>
      rowKey="kind"
      dataSource={rows}
      empty={t('job.none')}
      columns={[
        { title: t('job.kind'), key: 'kind', render: (_, one) => name('job_kind', one.kind) },
        { title: t('job.waiting'), key: 'waiting', align: 'right', render: (_, one) => one.waiting },
        { title: t('job.failed'), key: 'failed', align: 'right', render: (_, one) => one.failed },
        { title: t('job.oldest'), key: 'oldest', render: (_, one) => momentText(one.oldest_at) },
        { title: t('job.next'), key: 'next', render: (_, one) => momentText(one.next_at) },
      ]}
    />
  )
}

function Failed() {
  const { t, name } = useSpeech()
  const mayRerun = useHolds()('job.rerun')
  const { data, error, isLoading, refetch } = useQuery({
    queryKey: ['job', 'failed'],
    queryFn: () => ask(api.GET('/api/v1/jobs/failed', { params: { query: { limit: MOST } } })),
  })
  return (
    <Panel title={t('job.failures')}>
      {error && <Failure error={error} retry={() => void refetch()} />}
      {data?.has_more && <p className="quiet gap-below">{t('job.cut', { n: MOST })}</p>}
      <ShortTable<Job>
        rowKey="job_id"
        dataSource={data?.data ?? []}
        loading={isLoading}
        empty={t('job.no_failure')}
        columns={[
          { title: t('job.kind'), key: 'kind', render: (_, one) => name('job_kind', one.kind) },
          { title: t('job.subject'), key: 'subject', render: (_, one) => (one.subject ? <code>{one.subject}</code> : '—') },
          { title: t('job.attempts'), key: 'attempts', align: 'right', render: (_, one) => one.attempts },
          { title: t('job.error'), key: 'error', render: (_, one) => <span className="written">{one.last_error}</span> },
          { title: t('job.since'), key: 'since', render: (_, one) => momentText(one.created_at) },
          { title: t('job.next'), key: 'next', render: (_, one) => momentText(one.next_at) },
          ...(mayRerun ? [{ title: t('list.act'), key: 'act', render: (_: unknown, one: Job) => <Rerun job={one} /> }] : []),
        ]}
      />
    </Panel>
  )
}

function Rerun({ job: { job_id } }: { job: Job }) {
  const { t } = useSpeech()
  const { message } = App.useApp()
  const client = useQueryClient()
  const { attempt, isBusy, error } = useAttempt()
  const rerun = () =>
    attempt(async () => {
      await ask(api.POST('/api/v1/jobs/{job_id}/rerun', { params: { path: { job_id } } }))
      await client.invalidateQueries({ queryKey: ['job'] })
      message.success(t('job.begun'))
    })
  return (
    <>
      <Button size="small" loading={isBusy} onClick={() => void rerun()} aria-label={`${t('job.rerun')} ${job_id}`}>
        {t('job.rerun')}
      </Button>
      {error !== null && <Failure error={error} />}
    </>
  )
}

function Duties({ rows }: { rows: Duty[] }) {
  const { t, name, language } = useSpeech()
  return (
    <ShortTable<Duty>
      rowKey="name"
      dataSource={rows}
      columns={[
        { title: t('job.duty'), key: 'name', render: (_, one) => name('duty', one.name) },
        { title: t('job.period'), key: 'period', align: 'right', render: (_, one) => every(one.period_ms, language) },
        { title: t('job.last'), key: 'last', render: (_, one) => momentText(one.last_at) },
        { title: t('job.took'), key: 'took', align: 'right', render: (_, one) => lasted(one.took_us) },
        { title: t('job.next'), key: 'next', render: (_, one) => momentText(one.next_at) },
        { title: t('job.slowest'), key: 'slowest', align: 'right', render: (_, one) => lasted(one.slowest_us) },
        { title: t('job.runs'), key: 'runs', align: 'right', render: (_, one) => one.runs },
        { title: t('job.runs_failed'), key: 'runs_failed', align: 'right', render: (_, one) => one.failed },
        {
          title: t('job.failed_at'),
          key: 'failed',
          render: (_, one) => (one.failures.length > 0 ? <Failures of={name('duty', one.name)} failures={one.failures} /> : '—'),
        },
      ]}
    />
  )
}

/** The last one; those before it when they are asked for. */
function Failures({ of, failures: [last, ...before] }: { of: string; failures: Schemas['DutyFailure'][] }) {
  const { t } = useSpeech()
  const [isOpen, setOpen] = useState(false)
  if (!last) return null
  return (
    <>
      {momentText(last.at)} <span className="written">{last.error}</span>
      {before.length > 0 && (
        <Button type="link" size="small" aria-expanded={isOpen} aria-label={`${t('job.before', { n: before.length })} ${of}`} onClick={() => setOpen(!isOpen)}>
          {t('job.before', { n: before.length })}
        </Button>
      )}
      {isOpen && (
        <ol>
          {before.map((one) => (
            <li key={one.at}>
              {momentText(one.at)} <span className="written">{one.error}</span>
            </li>
          ))}
        </ol>
      )}
    </>
  )
}
