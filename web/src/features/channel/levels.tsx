// A channel between the levels: whose it is connected through, which ones it answers for, and what it owes about them.

import { useQuery } from '@tanstack/react-query'
import { Table } from 'antd'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { api, ask, type Schemas } from '../../api/client'
import { useHolds } from '../../app/session'
import { useToday } from '../../app/today'
import { useSpeech } from '../../i18n'
import { between } from '../../i18n/between'
import { Countdown } from '../../parts/countdown'
import { Panel } from '../../parts/page'
import { Failure } from '../../parts/states'
import { StatusTag } from '../../parts/status_tag'
import { lateOf } from '../matter/watch'
import { mattersOf } from '../matter/wire'
import { isStopped } from './phases'

type Channel = Schemas['ChannelView']
type Relative = Schemas['ChannelRelative']

function levelsOf(channel_id: string) {
  return {
    queryKey: ['channel', channel_id, 'levels'],
    queryFn: () => ask(api.GET('/api/v1/channels/{channel_id}/levels', { params: { path: { channel_id } } })),
  }
}

/** A channel by its name, as a link where it may be seen. */
function Name({ relative: { channel_id, name, is_in_sight } }: { relative: Relative }) {
  return is_in_sight ? <Link to={`/channels/${channel_id}`}>{name}</Link> : <>{name}</>
}

/** The level-1 channel of a level-2 channel. */
export function ParentName({ channel_id }: { channel_id: string }) {
  const { data } = useQuery(levelsOf(channel_id))
  if (!data?.parent) return '—'
  return (
    <>
      <Name relative={data.parent} /> <code>{data.parent.number}</code>
    </>
  )
}

export function Levels({ channel }: { channel: Channel }) {
  const { t } = useSpeech()
  const holds = useHolds()
  const { data, error, refetch } = useQuery(levelsOf(channel.channel_id))
  if (error) return <Panel title={t('levels.title')}><Failure error={error} retry={() => void refetch()} /></Panel>
  if (!data || (!data.parent && data.below.length === 0)) return null
  return (
    <Panel title={t('levels.title')}>
      <div className="panels">
        {data.parent && (
          <Liable clauses={['CH-11.4a', 'CH-11.4c']}>{t('levels.under', { name: data.parent.name })}</Liable>
        )}
        {data.below.length > 0 && (
          <>
            <Answers below={data.below} />
            {holds('matter.read') && <LateFilings channel_id={channel.channel_id} />}
            <Below below={data.below} />
          </>
        )}
      </div>
    </Panel>
  )
}

function Liable({ clauses, tone = 'note', children }: { clauses: string[]; tone?: 'note' | 'warn'; children: ReactNode }) {
  return (
    <div className={`note tone-${tone}`}>
      {children} <span className="clause">{clauses.join(' ')}</span>
    </div>
  )
}

/** Who is answered for, and who of them is in trouble. */
function Answers({ below }: { below: Relative[] }) {
  const { t, language } = useSpeech()
  const stopped = below.filter(isStopped)
  const names = stopped.map((one) => one.name).join(between(language))
  return (
    <Liable clauses={['CH-11.4b', 'CH-11.4c']} tone={stopped.length > 0 ? 'warn' : 'note'}>
      {t('levels.liable', { n: below.length })} {stopped.length > 0 && t('levels.stopped', { n: stopped.length, names })}
    </Liable>
  )
}

/** Monthly reports on the level-2 channels whose last day has passed (CH-11.4d). */
function LateFilings({ channel_id }: { channel_id: string }) {
  const { t } = useSpeech()
  const today = useToday()
  const { data } = useQuery(mattersOf(channel_id))
  const filings = (data?.rows ?? []).filter((one) => one.kind === 'filing')
  const late = lateOf(filings, today).filter(({ wait }) => wait.party === 'owner')
  if (late.length === 0) return null
  return (
    <div className="note tone-bad">
      <strong>{t('levels.late')}</strong>
      <ul aria-label={t('levels.late')}>
        {late.map(({ matter, wait }) => (
          <li key={matter.matter_id}>
            <Link to={`/matters/${matter.matter_id}`}>{matter.title}</Link>{' '}
            <Countdown brief deadline={{ due_on: wait.due_on ?? '', clause: wait.clause }} />
          </li>
        ))}
      </ul>
    </div>
  )
}

function Below({ below }: { below: Relative[] }) {
  const { t, name } = useSpeech()
  return (
    <Table<Relative>
      size="small"
      rowKey="channel_id"
      dataSource={below}
      pagination={false}
      scroll={{ x: 'max-content' }}
      aria-label={t('levels.below')}
      columns={[
        { title: t('channel.number'), key: 'number', render: (_, one) => <code>{one.number}</code> },
        { title: t('channel.name'), key: 'name', render: (_, one) => <Name relative={one} /> },
        { title: t('channel.owner'), key: 'owner', render: (_, one) => one.owner_name },
        { title: t('levels.relation'), key: 'relation', render: (_, one) => name('word.relation', one.relation) },
        { title: t('list.state'), key: 'state', render: (_, one) => <StatusTag family="channel_state" state={one.state} /> },
      ]}
    />
  )
}
