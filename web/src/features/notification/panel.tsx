// 通知设置, on the page of the own account: which messages are counted, of what there is mail, and where that goes.

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Checkbox, Form, Input, Radio } from 'antd'
import { useState } from 'react'
import { api, ask, type Schemas } from '../../api/client'
import { useHolds } from '../../app/session'
import { useSpeech } from '../../i18n'
import { said } from '../../parts/attempt'
import { FormDialog } from '../../parts/form_dialog'
import { momentText } from '../../parts/moment'
import { Facts, Panel } from '../../parts/page'
import { ShortTable } from '../../parts/short_table'
import { Failure, Loading } from '../../parts/states'
import { StatusTag } from '../../parts/status_tag'

type Notification = Schemas['NotificationView']
type Category = Schemas['CategoryView']

const KEY = ['notification']

/** What is open beside the panel. */
type Open = 'settings' | 'address' | 'code' | null

export function Notifications() {
  const { t } = useSpeech()
  const holds = useHolds()
  const [open, setOpen] = useState<Open>(null)
  const mayRead = holds('matter.read')
  const { data, error, refetch } = useQuery({ queryKey: KEY, queryFn: () => ask(api.GET('/api/v1/staff/notification')), enabled: mayRead })
  if (!mayRead) return null
  const close = () => setOpen(null)
  // A dialog that has opened the next one closes itself and not that.
  const leave = () => setOpen((now) => (now === 'address' ? null : now))
  const set = data && (
    <Button size="small" onClick={() => setOpen('settings')}>
      {t('notification.set')}
    </Button>
  )
  return (
    <Panel title={t('notification.title')} extra={set}>
      <p className="quiet">{t('notification.lead')}</p>
      {error && <Failure error={error} retry={() => void refetch()} />}
      {!data && !error && <Loading />}
      {data && (
        <div className="panels">
          <Categories notification={data} />
          <Mail notification={data} setOpen={setOpen} />
        </div>
      )}
      {data && open === 'settings' && <Settings notification={data} close={close} />}
      {open === 'address' && <GiveAddress next={() => setOpen('code')} close={leave} />}
      {open === 'code' && <GiveCode close={close} />}
    </Panel>
  )
}

function Categories({ notification }: { notification: Notification }) {
  const { t, name } = useSpeech()
  const mail = {
    title: t('notification.mail'),
    key: 'mail',
    render: (_: unknown, one: Category) => t(one.is_mailed ? 'notification.mailed' : 'notification.unmailed'),
  }
  return (
    <ShortTable<Category>
      rowKey="category"
      dataSource={notification.categories}
      columns={[
        { title: t('notification.category'), key: 'category', render: (_, one) => name('message_category', one.category) },
        {
          title: t('notification.portal'),
          key: 'portal',
          render: (_, one) => t(one.is_muted ? 'notification.muted' : one.may_mute ? 'notification.shown' : 'notification.always'),
        },
        ...(notification.is_mail_sent ? [mail] : []),
      ]}
    />
  )
}

function Mail({ notification, setOpen }: { notification: Notification; setOpen: (open: Open) => void }) {
  const { t } = useSpeech()
  const { message, modal } = App.useApp()
  const client = useQueryClient()
  const { address, pending, is_mail_sent, interval_seconds, language } = notification
  if (!is_mail_sent) return <p className="quiet">{t('notification.no_relay')}</p>
  const remove = async () => {
    try {
      await ask(api.DELETE('/api/v1/staff/notification/address'))
      await client.invalidateQueries({ queryKey: KEY })
    } catch (refused) {
      message.error(said(refused))
    }
  }
  const confirmRemoval = () =>
    modal.confirm({ title: t('notification.remove'), content: t('notification.remove_hint'), okText: t('notification.remove'), cancelText: t('action.cancel'), onOk: remove })
  return (
    <div className="panels">
      <Facts
        facts={[
          {
            label: t('notification.address'),
            value: address ? (
              <>
                {address.masked} <StatusTag family="mail_state" state={address.state} tone={address.state === 'active' ? 'good' : 'bad'} />
              </>
            ) : (
              t('notification.no_address')
            ),
          },
          address?.mailed_at ? { label: t('notification.last'), value: momentText(address.mailed_at) } : null,
          address?.refused_since ? { label: t('notification.refused_since'), value: momentText(address.refused_since) } : null,
          pending ? { label: t('notification.pending'), value: t('notification.pending_until', { masked: pending.masked, at: momentText(pending.expires_at) }) } : null,
          { label: t('notification.language'), value: t(`notification.language.${language}`) },
          { label: t('notification.interval'), value: t('notification.minutes', { n: Math.round(interval_seconds / 60) }) },
        ]}
      />
      <div className="action-bar">
        {pending && (
          <Button type="primary" onClick={() => setOpen('code')}>
            {t('notification.enter_code')}
          </Button>
        )}
        <Button type={address || pending ? 'default' : 'primary'} onClick={() => setOpen('address')}>
          {t(address ? 'notification.replace' : 'notification.give')}
        </Button>
        {(address ?? pending) && <Button onClick={() => void confirmRemoval()}>{t('notification.remove')}</Button>}
      </div>
    </div>
  )
}

interface Wish {
  muted: Category['category'][]
  mailed: Category['category'][]
  language: Notification['language']
}

function Settings({ notification, close }: { notification: Notification; close: () => void }) {
  const { t, name } = useSpeech()
  const client = useQueryClient()
  const { categories, is_mail_sent, version, language } = notification
  const those = (held: (one: Category) => boolean) => categories.filter(held).map((one) => one.category)
  const choices = (held: (one: Category) => boolean) => those(held).map((value) => ({ value, label: name('message_category', value) }))
  const submit = async (wish: Wish) => {
    const mailed = wish.mailed ?? those((one) => one.is_mailed)
    const unmailed = those((one) => !mailed.includes(one.category))
    const body = { muted: wish.muted, unmailed, language: wish.language ?? language }
    await ask(api.POST('/api/v1/staff/notification', { params: { header: { 'If-Match': `"${version}"` } }, body }))
    await Promise.all([client.invalidateQueries({ queryKey: KEY }), client.invalidateQueries({ queryKey: ['message'] })])
  }
  return (
    <FormDialog<Wish>
      title={t('notification.title')}
      initial={{ muted: those((one) => one.is_muted), mailed: those((one) => one.is_mailed), language }}
      submit={submit}
      close={close}
    >
      <Form.Item name="muted" label={t('notification.mute')} extra={t('notification.mute_hint')}>
        <Checkbox.Group options={choices((one) => one.may_mute)} />
      </Form.Item>
      {is_mail_sent && (
        <Form.Item name="mailed" label={t('notification.mail_of')} extra={t('notification.mail_hint')}>
          <Checkbox.Group options={choices(() => true)} />
        </Form.Item>
      )}
      {is_mail_sent && (
        <Form.Item name="language" label={t('notification.language')}>
          <Radio.Group options={(['zh-CN', 'en'] as const).map((value) => ({ value, label: t(`notification.language.${value}`) }))} />
        </Form.Item>
      )}
    </FormDialog>
  )
}

function GiveAddress({ next, close }: { next: () => void; close: () => void }) {
  const { t } = useSpeech()
  const client = useQueryClient()
  const submit = async (body: { address: string }) => {
    await ask(api.POST('/api/v1/staff/notification/address', { body }))
    await client.invalidateQueries({ queryKey: KEY })
    next()
  }
  return (
    <FormDialog title={t('notification.give')} okText={t('notification.mail_code')} submit={submit} close={close}>
      <Form.Item name="address" label={t('notification.address')} extra={t('notification.address_hint')} rules={[{ required: true, message: t('field.required') }]}>
        <Input type="email" autoComplete="email" autoFocus maxLength={254} />
      </Form.Item>
    </FormDialog>
  )
}

function GiveCode({ close }: { close: () => void }) {
  const { t } = useSpeech()
  const client = useQueryClient()
  const submit = async (body: { code: string }) => {
    await ask(api.POST('/api/v1/staff/notification/address/confirm', { body }))
    await client.invalidateQueries({ queryKey: KEY })
  }
  return (
    <FormDialog title={t('notification.enter_code')} submit={submit} close={close}>
      <Form.Item name="code" label={t('notification.code')} extra={t('notification.code_hint')} rules={[{ required: true, message: t('field.required') }]}>
        <Input inputMode="numeric" autoComplete="one-time-code" autoFocus maxLength={6} />
      </Form.Item>
    </FormDialog>
  )
}
