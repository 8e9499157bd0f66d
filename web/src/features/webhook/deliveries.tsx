// What was sent to an endpoint last, newest first, and the way to send it again.

import { ReloadOutlined } from '@ant-design/icons'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { api, ask, type Schemas } from '../../api/client'
import { useSpeech } from '../../i18n'
import { useAttempt } from '../../parts/attempt'
import { momentText } from '../../parts/moment'
import { Panel } from '../../parts/page'
import { ShortTable } from '../../parts/short_table'
import { Failure } from '../../parts/states'
import { StatusTag } from '../../parts/status_tag'

type Delivery = Schemas['DeliveryView']

export const TONES = { delivered: 'good', pending: 'warn', failed: 'bad' } as const
/** How many of the last ones are shown. */
const LAST = 50

interface Props {
  webhook: Schemas['WebhookView']
  /** Its channel has left: nothing is sent again. */
  isReadOnly: boolean
}

export function Deliveries({ webhook: { webhook_id, url, state }, isReadOnly }: Props) {
  const { t, name } = useSpeech()
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['webhook', 'log', webhook_id],
    queryFn: () => ask(api.GET('/api/v1/webhooks/{webhook_id}/deliveries', { params: { path: { webhook_id }, query: { limit: LAST } } })),
  })
  const again = (
    <Button icon={<ReloadOutlined aria-hidden />} loading={isFetching} onClick={() => void refetch()}>
      {t('action.refresh')}
    </Button>
  )
  return (
    <Panel title={t('webhook.log')} extra={again}>
      <p className="quiet gap-below">
        <code>{url}</code> {data?.has_more && t('webhook.last', { n: LAST })}
      </p>
      {error && <Failure error={error} retry={() => void refetch()} />}
      <ShortTable<Delivery>
        rowKey="delivery_id"
        dataSource={data?.data ?? []}
        empty={t('webhook.no_delivery')}
        columns={[
          { title: t('webhook.at'), key: 'at', render: (_, one) => momentText(one.created_at) },
          { title: t('webhook.event'), key: 'event', render: (_, one) => name('event', one.event) },
          { title: t('list.state'), key: 'state', render: (_, one) => <StatusTag family="delivery_state" state={one.state} tone={TONES[one.state]} /> },
          { title: t('webhook.attempts'), key: 'attempts', align: 'right', render: (_, one) => one.attempts },
          { title: t('webhook.status'), key: 'status', align: 'right', render: (_, one) => one.last_status ?? '—' },
          { title: t('webhook.next'), key: 'next', render: (_, one) => momentText(one.next_attempt_at) },
          { title: t('webhook.delivery'), key: 'id', render: (_, one) => <code>{one.delivery_id}</code> },
          {
            title: t('list.act'),
            key: 'act',
            render: (_, one) => (one.state !== 'pending' && state === 'active' && !isReadOnly ? <Resend delivery={one} /> : null),
          },
        ]}
      />
    </Panel>
  )
}

function Resend({ delivery: { webhook_id, delivery_id } }: { delivery: Delivery }) {
  const { t } = useSpeech()
  const { message } = App.useApp()
  const client = useQueryClient()
  const { attempt, isBusy, error } = useAttempt()
  const send = () =>
    attempt(async () => {
      const params = { path: { webhook_id, delivery_id } }
      await ask(api.POST('/api/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/replay', { params }))
      await client.invalidateQueries({ queryKey: ['webhook'] })
      message.success(t('action.done'))
    })
  return (
    <>
      <Button size="small" loading={isBusy} onClick={() => void send()} aria-label={`${t('webhook.resend')} ${delivery_id}`}>
        {t('webhook.resend')}
      </Button>
      {error !== null && <Failure error={error} />}
    </>
  )
}
