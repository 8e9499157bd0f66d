// Everything that ever happened to a channel, as the matters it happened in.

import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import type { Schemas } from '../../api/client'
import { useSpeech } from '../../i18n'
import { Countdown } from '../../parts/countdown'
import { dayText } from '../../parts/moment'
import { Panel } from '../../parts/page'
import { ShortTable } from '../../parts/short_table'
import { Failure } from '../../parts/states'
import { MatterState } from '../matter/matter_state'
import { Begin } from '../matter/begin'
import { Party } from '../matter/wait_view'
import { type Matter, mattersOf } from '../matter/wire'
import { Incidents } from './incidents'
import { Story } from './story_panel'

const NONE: Matter[] = []

export function ChannelMatters({ channel }: { channel: Schemas['ChannelView'] }) {
  const { channel_id } = channel
  const { t, name } = useSpeech()
  const [withEnded, setWithEnded] = useState(false)
  const { data, error, isLoading, refetch } = useQuery(mattersOf(channel_id))
  const rows = data?.rows ?? NONE
  const ended = rows.filter((one) => one.is_ended).length
  return (
    <>
      <Panel
        title={t('channel.matters')}
        extra={
          <>
            {ended > 0 && (
              <Button onClick={() => setWithEnded(!withEnded)} aria-pressed={withEnded}>
                {t(withEnded ? 'channel.only_open' : 'channel.with_ended', { n: ended })}
              </Button>
            )}
            <Begin channel={channel} />
          </>
        }
      >
        {error && <Failure error={error} retry={() => void refetch()} />}
        <ShortTable<Matter>
          rowKey="matter_id"
          dataSource={rows.filter((one) => withEnded || !one.is_ended)}
          loading={isLoading}
          empty={ended > 0 ? t('channel.none_open') : undefined}
          columns={[
            { title: t('matter.opened'), key: 'opened', render: (_, one) => dayText(one.opened_at) },
            { title: t('matter.kind'), key: 'kind', render: (_, one) => name('kind', one.kind) },
            { title: t('matter.title'), key: 'title', render: (_, one) => <Link to={`/matters/${one.matter_id}`}>{one.title}</Link> },
            {
              title: t('list.state'),
              key: 'state',
              render: (_, one) => <MatterState matter={one} />,
            },
            {
              title: t('matter.waits'),
              key: 'waits',
              render: (_, one) =>
                one.waits.map((wait) => (
                  <div key={`${wait.party} ${wait.division} ${wait.task}`} className="countdown lined">
                    <Party wait={wait} />
                    {wait.due_on && <Countdown compact deadline={{ due_on: wait.due_on, clause: wait.clause }} />}
                  </div>
                )),
            },
          ]}
        />
      </Panel>
      <Incidents channel_id={channel_id} matters={rows} />
      <Story channel={channel} matters={rows} isCut={data?.next !== undefined} />
    </>
  )
}
