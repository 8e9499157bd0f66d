// Where a channel's server is told what happens, on the page of the channel: each endpoint, how its last deliveries went, and the way
// to another address.

import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { api, ask, type Schemas } from '../../api/client'
import { useSpeech } from '../../i18n'
import { momentText } from '../../parts/moment'
import { Panel } from '../../parts/page'
import { ShortTable } from '../../parts/short_table'
import { Failure } from '../../parts/states'
import { StatusTag } from '../../parts/status_tag'
import { CallbackChange } from './change'
import { TONES } from './deliveries'
import { useEndpoints } from './endpoints'

type Webhook = Schemas['WebhookView']

/** How many of the last deliveries are shown. */
const LAST = 3

export function ChannelEndpoints({ channel }: { channel: Schemas['ChannelView'] }) {
  const { t } = useSpeech()
  const { channel_id } = channel
  const { data, error, refetch } = useEndpoints(channel_id)
  return (
    <Panel title={t('nav.webhooks')} extra={<Link to={`/webhooks?channel_id=${channel_id}`}>{t('webhook.all')}</Link>}>
      {error && <Failure error={error} retry={() => void refetch()} />}
      <ShortTable<Webhook>
        rowKey="webhook_id"
        dataSource={data?.data ?? []}
        empty={t('webhook.none')}
        columns={[
          { title: t('webhook.url'), key: 'url', render: (_, one) => <code>{one.url}</code> },
          { title: t('list.state'), key: 'state', render: (_, one) => <StatusTag family="webhook_state" state={one.state} tone={one.state === 'active' ? 'good' : 'warn'} /> },
          { title: t('webhook.lately'), key: 'lately', render: (_, one) => <Lately webhook_id={one.webhook_id} /> },
        ]}
      />
      <CallbackChange channel={channel} />
    </Panel>
  )
}

/** The last deliveries to an endpoint, newest first. */
function Lately({ webhook_id }: { webhook_id: string }) {
  const { t, name } = useSpeech()
  const { data, error } = useQuery({
    queryKey: ['webhook', 'lately', webhook_id],
    queryFn: () => ask(api.GET('/api/v1/webhooks/{webhook_id}/deliveries', { params: { path: { webhook_id }, query: { limit: LAST } } })),
  })
  if (error) return <Failure error={error} />
  if (data?.data.length === 0) return <span className="quiet">{t('webhook.no_delivery')}</span>
  return (
    <ul className="plain">
      {data?.data.map((one) => (
        <li key={one.delivery_id}>
          <StatusTag family="delivery_state" state={one.state} tone={TONES[one.state]} /> {name('event', one.event)} <span className="quiet">{momentText(one.created_at)}</span>
        </li>
      ))}
    </ul>
  )
}
