// What a change of a callback address asks: which endpoint moves, or that one is begun, and where to.

import { Form, Input, Select } from 'antd'
import { useSpeech } from '../../i18n'
import { useEndpoints } from './endpoints'
import { EVENTS } from './events'

const ENDPOINT = ['opening', 'endpoint']

export function ChangeFields({ channel_id }: { channel_id?: string }) {
  const { t, name } = useSpeech()
  const endpoint: unknown = Form.useWatch(ENDPOINT)
  const { data } = useEndpoints(channel_id)
  const endpoints = data?.data ?? []
  return (
    <>
      {endpoints.length > 0 && (
        <Form.Item name={ENDPOINT} label={t('webhook.which')} extra={t('webhook.which_hint')} initialValue={endpoints[0]?.webhook_id}>
          <Select allowClear autoFocus placeholder={t('webhook.new')} options={endpoints.map((one) => ({ value: one.webhook_id, label: one.url }))} />
        </Form.Item>
      )}
      <Form.Item name={['opening', 'url']} label={t('webhook.new_url')} extra={t('webhook.url_hint')} rules={[{ required: true, whitespace: true, message: t('field.required') }]}>
        <Input type="url" maxLength={500} autoFocus={endpoints.length === 0} spellCheck={false} placeholder="https://" />
      </Form.Item>
      {!endpoint && (
        <Form.Item name={['opening', 'events']} label={t('webhook.events')} extra={t('webhook.events_hint')}>
          <Select mode="multiple" allowClear options={EVENTS.map((value) => ({ value, label: `${name('event', value)} ${value}` }))} />
        </Form.Item>
      )}
      <p className="quiet">{t('webhook.change_hint')}</p>
    </>
  )
}
