// 渠道联系人: whom to call about a channel now, whether the address was shown to be read, and who was to be called before.

import { useQueryClient } from '@tanstack/react-query'
import { Button, Form, Input } from 'antd'
import { useState } from 'react'
import { api, ask } from '../../api/client'
import { useSpeech } from '../../i18n'
import { useAttempt } from '../../parts/attempt'
import { Clause } from '../../parts/clause'
import { FormDialog } from '../../parts/form_dialog'
import { momentText } from '../../parts/moment'
import { Panel } from '../../parts/page'
import { ShortTable } from '../../parts/short_table'
import { Failure, Loading } from '../../parts/states'
import { type Contacts, contactsKey, type Held, useContacts } from './contacts'
import { Now, Since } from './now'

export function ContactPanel({ channel_id }: { channel_id: string }) {
  const { t } = useSpeech()
  const { data, error, refetch } = useContacts(channel_id)
  return (
    <Panel title={t('contact.title')} extra={<Clause ids="CH-16.3" />}>
      {error && <Failure error={error} retry={() => void refetch()} />}
      {!data && !error && <Loading />}
      {data && (data.contacts.length === 0 ? <p className="quiet">{t('contact.none')}</p> : <Shown contacts={data} />)}
    </Panel>
  )
}

function Shown({ contacts }: { contacts: Contacts }) {
  const { t } = useSpeech()
  const [now, ...before] = contacts.contacts
  if (!now) return null
  return (
    <div className="panels">
      <Now contacts={contacts} now={now} />
      {!contacts.is_mail_sent && !now.verified_at && <p className="quiet">{t('contact.no_relay')}</p>}
      {contacts.may_verify && !now.verified_at && <Verify contacts={contacts} now={now} />}
      {before.length > 0 && (
        <div>
          <h3>{t('contact.before')}</h3>
          <Before held={before} />
        </div>
      )}
    </div>
  )
}

function Before({ held }: { held: Held[] }) {
  const { t, name } = useSpeech()
  return (
    <ShortTable<Held>
      rowKey="since_at"
      label={t('contact.before')}
      dataSource={held}
      columns={[
        { title: name('application', 'contact.name'), dataIndex: 'name' },
        { title: name('application', 'contact.phone'), dataIndex: 'phone' },
        { title: name('application', 'contact.email'), dataIndex: 'email' },
        { title: t('contact.since'), key: 'since', render: (_, one) => <Since held={one} /> },
        { title: t('contact.until'), key: 'until', render: (_, { until_at }) => (until_at ? momentText(until_at) : '—') },
      ]}
    />
  )
}

/** The owner has a code mailed to the contact, who gives it to them. */
function Verify({ contacts: { channel_id, pending_until }, now }: { contacts: Contacts; now: Held }) {
  const { t } = useSpeech()
  const client = useQueryClient()
  const { attempt, isBusy, error } = useAttempt()
  const [isEntering, setEntering] = useState(false)
  const mail = () =>
    attempt(async () => {
      await ask(api.POST('/api/v1/channels/{channel_id}/contacts/code', { params: { path: { channel_id } } }))
      await client.invalidateQueries({ queryKey: contactsKey(channel_id) })
      setEntering(true)
    })
  return (
    <div>
      <div className="action-bar">
        {pending_until && (
          <Button type="primary" onClick={() => setEntering(true)}>
            {t('notification.enter_code')}
          </Button>
        )}
        <Button loading={isBusy} onClick={() => void mail()}>
          {t('notification.mail_code')}
        </Button>
        <span className="quiet">{pending_until ? t('notification.pending_until', { masked: now.email, at: momentText(pending_until) }) : t('contact.verify_hint')}</span>
      </div>
      {error !== null && <Failure error={error} />}
      {isEntering && <GiveCode channel_id={channel_id} email={now.email} close={() => setEntering(false)} />}
    </div>
  )
}

function GiveCode({ channel_id, email, close }: { channel_id: string; email: string; close: () => void }) {
  const { t } = useSpeech()
  const client = useQueryClient()
  const submit = async (body: { code: string }) => {
    const after = await ask(api.POST('/api/v1/channels/{channel_id}/contacts/confirm', { params: { path: { channel_id } }, body }))
    client.setQueryData(contactsKey(channel_id), after)
  }
  return (
    <FormDialog title={t('notification.enter_code')} submit={submit} close={close}>
      <p>{t('contact.code_sent', { email })}</p>
      <Form.Item name="code" label={t('notification.code')} extra={t('notification.code_hint')} rules={[{ required: true, message: t('field.required') }]}>
        <Input inputMode="numeric" autoComplete="off" autoFocus maxLength={6} />
      </Form.Item>
    </FormDialog>
  )
}
