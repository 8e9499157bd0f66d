// Where the platform tells a channel's server what happens: the endpoints of one channel, and what was sent to each.

import { PlusOutlined } from '@ant-design/icons'
import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, Input, Select } from 'antd'
import { useState } from 'react'
import { useSearchParams } from 'react-router'
import { api, ask, type Schemas } from '../../api/client'
import { useHolds } from '../../app/session'
import { isSandbox, worldPath } from '../../app/world'
import { useSpeech } from '../../i18n'
import { between } from '../../i18n/between'
import { useAttempt } from '../../parts/attempt'
import { useKeptChannels, useReadOnly } from '../../parts/choose'
import { Dialog } from '../../parts/dialog'
import { FormDialog } from '../../parts/form_dialog'
import { momentText } from '../../parts/moment'
import { Page, Panel } from '../../parts/page'
import { ReadOnly } from '../../parts/read_only'
import { ShortTable } from '../../parts/short_table'
import { Failure, Nothing } from '../../parts/states'
import { StatusTag } from '../../parts/status_tag'
import { CallbackChange } from './change'
import { Deliveries } from './deliveries'
import { useEndpoints } from './endpoints'
import { EVENTS } from './events'

type Webhook = Schemas['WebhookView']
type New = Pick<Schemas['CreateWebhook'], 'url'> & { events?: Schemas['EventType'][] }

export function Component() {
  const { t } = useSpeech()
  const [params, setParams] = useSearchParams()
  const channels = useKeptChannels()
  const channel_id = params.get('channel_id') ?? channels[0]?.channel_id
  const channel = channels.find((one) => one.channel_id === channel_id)
  const isReadOnly = useReadOnly()(channel)
  return (
    <Page title={t('nav.webhooks')} lead={t('webhook.lead')}>
      <div className="panels">
        <Form layout="vertical">
          <Form.Item label={t('matter.channel')} htmlFor="webhook-channel">
            <Select
              id="webhook-channel"
              value={channel_id}
              showSearch={{ optionFilterProp: 'label' }}
              options={channels.map((one) => ({ value: one.channel_id, label: `${one.name} ${one.number}` }))}
              onChange={(id: string) => setParams({ channel_id: id })}
              notFoundContent={<Nothing />}
            />
          </Form.Item>
        </Form>
        {isReadOnly && <ReadOnly words={t('portal.read_only_channel')} />}
        {channel_id && <Endpoints key={channel_id} channel_id={channel_id} channel={channel} isReadOnly={isReadOnly} />}
      </div>
    </Page>
  )
}

function Endpoints({ channel_id, channel, isReadOnly }: { channel_id: string; channel?: Schemas['ChannelView']; isReadOnly: boolean }) {
  const { t } = useSpeech()
  const mayKeep = useHolds()('webhook.manage')
  const [isNew, setNew] = useState(false)
  const [chosen, setChosen] = useState<string | null>(null)
  const { data, error, isFetching, refetch } = useEndpoints(channel_id)
  const rows = data?.data ?? []
  const shown = rows.find((one) => one.webhook_id === chosen) ?? rows[0]
  // In production an address comes by a change.
  const add = isSandbox && mayKeep && !isReadOnly && (
    <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => setNew(true)}>
      {t('webhook.add')}
    </Button>
  )
  return (
    <>
      <Panel title={t('webhook.endpoints')} extra={add}>
        {error && <Failure error={error} retry={() => void refetch()} />}
        <List rows={rows} isLoading={isFetching} mayKeep={mayKeep} isReadOnly={isReadOnly} choose={setChosen} />
        {channel && <CallbackChange channel={channel} />}
        <p className="quiet gap-above">{t('webhook.signed', { keys: `${worldPath}/api/v1/keys` })}</p>
      </Panel>
      {shown && <Deliveries key={shown.webhook_id} webhook={shown} isReadOnly={isReadOnly} />}
      {isNew && <Add channel_id={channel_id} close={() => setNew(false)} />}
    </>
  )
}

interface ListProps {
  rows: Webhook[]
  isLoading: boolean
  mayKeep: boolean
  isReadOnly: boolean
  choose: (webhook_id: string) => void
}

function List({ rows, isLoading, mayKeep, isReadOnly, choose }: ListProps) {
  const { t, name, language, about } = useSpeech()
  const told = ({ events }: Webhook) =>
    events.length === 0 ? t('webhook.everything') : events.map((one) => name('event', one)).join(between(language))
  return (
    <ShortTable<Webhook>
      rowKey="webhook_id"
      dataSource={rows}
      loading={isLoading}
      empty={t('webhook.none')}
      columns={[
        { title: t('webhook.url'), key: 'url', render: (_, one) => <code>{one.url}</code> },
        { title: t('list.state'), key: 'state', render: (_, one) => <StatusTag family="webhook_state" state={one.state} tone={one.state === 'active' ? 'good' : 'warn'} /> },
        { title: t('webhook.events'), key: 'events', render: (_, one) => told(one) },
        { title: t('list.created'), key: 'at', render: (_, one) => momentText(one.created_at) },
        {
          title: t('list.act'),
          key: 'act',
          render: (_, one) => (
            <span className="action-bar">
              {rows.length > 1 && (
                <Button size="small" onClick={() => choose(one.webhook_id)} aria-label={about(t('webhook.log'), one.url)}>
                  {t('webhook.log')}
                </Button>
              )}
              {mayKeep && <Keep webhook={one} isReadOnly={isReadOnly} />}
            </span>
          ),
        },
      ]}
    />
  )
}

/** What an owner does with an endpoint: tries it, pauses it or lets it go on, removes it; of a channel that has left it only ends it. */
function Keep({ webhook, isReadOnly }: { webhook: Webhook; isReadOnly: boolean }) {
  const { t, about } = useSpeech()
  const { message } = App.useApp()
  const client = useQueryClient()
  const { attempt, isBusy, error } = useAttempt()
  const [isRemoving, setRemoving] = useState(false)
  const params = { path: { webhook_id: webhook.webhook_id } }
  const isPaused = webhook.state === 'paused'
  const run = (work: () => Promise<unknown>, done: string) =>
    void attempt(async () => {
      await work()
      await client.invalidateQueries({ queryKey: ['webhook'] })
      message.success(done)
      setRemoving(false)
    })
  const test = () => run(() => ask(api.POST('/api/v1/webhooks/{webhook_id}/test', { params })), t('webhook.tested'))
  const turn = () => {
    const body: Schemas['ChangeWebhookState'] = { state: isPaused ? 'active' : 'paused' }
    run(() => ask(api.POST('/api/v1/webhooks/{webhook_id}/state', { params, body })), t('action.done'))
  }
  const remove = () => run(() => ask(api.DELETE('/api/v1/webhooks/{webhook_id}', { params })), t('action.done'))
  const ofThis = (words: string) => about(words, webhook.url)
  return (
    <>
      {!isPaused && !isReadOnly && (
        <Button size="small" loading={isBusy} onClick={test} aria-label={ofThis(t('webhook.test'))}>
          {t('webhook.test')}
        </Button>
      )}
      {!(isPaused && isReadOnly) && (
        <Button size="small" loading={isBusy} onClick={turn} aria-label={ofThis(t(isPaused ? 'webhook.resume' : 'webhook.pause'))}>
          {t(isPaused ? 'webhook.resume' : 'webhook.pause')}
        </Button>
      )}
      <Button size="small" danger onClick={() => setRemoving(true)} aria-label={ofThis(t('webhook.remove'))}>
        {t('webhook.remove')}
      </Button>
      {error !== null && !isRemoving && <Failure error={error} />}
      {isRemoving && (
        <Dialog
          open
          title={t('webhook.remove')}
          okText={t('action.confirm')}
          okButtonProps={{ danger: true, loading: isBusy }}
          cancelText={t('action.cancel')}
          onOk={remove}
          onCancel={() => setRemoving(false)}
        >
          {error !== null && <Failure error={error} />}
          <p>
            <code>{webhook.url}</code>
          </p>
          <p>{t('webhook.remove_hint')}</p>
        </Dialog>
      )}
    </>
  )
}

function Add({ channel_id, close }: { channel_id: string; close: () => void }) {
  const { t, name } = useSpeech()
  const client = useQueryClient()
  const submit = async ({ url, events }: New) => {
    await ask(api.POST('/api/v1/webhooks', { body: { channel_id, url: url.trim(), events: events ?? [] } }))
    await client.invalidateQueries({ queryKey: ['webhook'] })
  }
  return (
    <FormDialog<New> title={t('webhook.add')} submit={submit} close={close} width={640}>
      <Form.Item name="url" label={t('webhook.url')} extra={t('webhook.url_hint')} rules={[{ required: true, whitespace: true, message: t('field.required') }]}>
        <Input type="url" maxLength={500} autoFocus spellCheck={false} placeholder="https://" />
      </Form.Item>
      <Form.Item name="events" label={t('webhook.events')} extra={t('webhook.events_hint')}>
        <Select mode="multiple" allowClear options={EVENTS.map((value) => ({ value, label: `${name('event', value)} ${value}` }))} />
      </Form.Item>
    </FormDialog>
  )
}
