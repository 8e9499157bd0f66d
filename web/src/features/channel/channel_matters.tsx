// Everything that ever happened to a channel, as the matters it happened in.

import { useQuery } from '@tanstack/react-query'
import { Table } from 'antd'
import { Link } from 'react-router'
import { useSpeech } from '../../i18n'
import { Countdown } from '../../parts/countdown'
import { dayText } from '../../parts/moment'
import { Panel } from '../../parts/page'
import { Failure, Nothing } from '../../parts/states'
import { StatusTag } from '../../parts/status_tag'
import { walk } from '../../parts/walk'
import { Open } from '../matter/open'
import { Party } from '../matter/wait_view'
import { fetchMatters, type Matter } from '../matter/wire'
import { Incidents } from './incidents'

/** Most matters of one channel that are shown. */
const MOST = 200
const NONE: Matter[] = []

export function ChannelMatters({ channel_id }: { channel_id: string }) {
  const { t, name } = useSpeech()
  const { data, error, isLoading, refetch } = useQuery({
    queryKey: ['matter', 'of', channel_id],
    queryFn: () =>
      walk<Matter>({ fetch: fetchMatters, filters: [], values: { channel_id } }, { from: undefined, want: MOST }),
  })
  return (
    <>
      <Panel title={t('channel.matters')} extra={<Open channel_id={channel_id} />}>
        {error && <Failure error={error} retry={() => void refetch()} />}
        <Table<Matter>
          size="small"
          rowKey="matter_id"
          dataSource={data?.rows ?? []}
          loading={isLoading}
          pagination={false}
          scroll={{ x: 'max-content' }}
          locale={{ emptyText: <Nothing /> }}
          columns={[
            { title: t('matter.opened'), key: 'opened', render: (_, one) => dayText(one.opened_at) },
            { title: t('matter.kind'), key: 'kind', render: (_, one) => name('kind', one.kind) },
            { title: t('matter.title'), key: 'title', render: (_, one) => <Link to={`/matters/${one.matter_id}`}>{one.title}</Link> },
            {
              title: t('list.state'),
              key: 'state',
              render: (_, one) => <StatusTag family={`state.${one.kind}`} state={one.state} tone={one.is_ended ? 'calm' : 'note'} />,
            },
            {
              title: t('matter.waits'),
              key: 'waits',
              render: (_, one) =>
                one.waits.map((wait) => (
                  <span key={`${wait.party} ${wait.division} ${wait.task}`} className="countdown">
                    <Party wait={wait} />
                    {wait.due_on && <Countdown compact deadline={{ due_on: wait.due_on }} />}
                  </span>
                )),
            },
          ]}
        />
      </Panel>
      <Incidents channel_id={channel_id} matters={data?.rows ?? NONE} />
    </>
  )
}
