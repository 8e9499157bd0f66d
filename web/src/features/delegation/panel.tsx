// 代理审批, on the page of the own account: whom one has asked, who asks, and ending it.

import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, Input } from 'antd'
import { useState } from 'react'
import { capacity } from '../../api/capacity'
import { api, ask, type Schemas } from '../../api/client'
import { useHolds } from '../../app/session'
import { useToday } from '../../app/today'
import { useSpeech } from '../../i18n'
import { said } from '../../parts/attempt'
import { FormDialog } from '../../parts/form_dialog'
import { Panel } from '../../parts/page'
import { ShortTable } from '../../parts/short_table'
import { Failure } from '../../parts/states'
import { StatusTag, type Tone } from '../../parts/status_tag'
import { LOGIN } from '../staff/login'
import { useCapacity, useDelegations } from './delegations'
import type { Delegation } from './told'

const TONES: Record<string, Tone> = { offered: 'warn', coming: 'note', in_force: 'good', lapsed: 'calm', declined: 'calm', revoked: 'calm' }

export function Delegations() {
  const { t } = useSpeech()
  const holds = useHolds()
  const [isNew, setNew] = useState(false)
  const { data, error, isFetching, refetch } = useDelegations()
  const mayGive = holds('delegation.give')
  const isEmpty = !error && !data?.data.length
  if (!holds('matter.read') || (!mayGive && isEmpty)) return null
  const create = mayGive && (
    <Button size="small" onClick={() => setNew(true)}>
      {t('delegation.create')}
    </Button>
  )
  return (
    <Panel title={t('delegation.title')} extra={create}>
      <p className="quiet">{t('delegation.lead')}</p>
      {error && <Failure error={error} retry={() => void refetch()} />}
      <List all={data?.data ?? []} isLoading={isFetching} />
      {isNew && <Create close={() => setNew(false)} />}
    </Panel>
  )
}

function List({ all, isLoading }: { all: Delegation[]; isLoading: boolean }) {
  const { t, name } = useSpeech()
  return (
    <ShortTable<Delegation>
      rowKey="delegation_id"
      dataSource={all}
      loading={isLoading}
      columns={[
        { title: t('delegation.giver'), key: 'giver', render: (_, one) => `${one.giver.login} · ${name('role', one.giver.role)}` },
        { title: t('delegation.taker'), key: 'taker', render: (_, one) => `${one.taker.login} · ${name('role', one.taker.role)}` },
        { title: t('delegation.days'), key: 'days', render: (_, one) => <span className="nowrap">{`${one.from_on} – ${one.until_on}`}</span> },
        {
          title: t('list.state'),
          key: 'state',
          render: (_, one) => <StatusTag family="delegation_state" state={one.state} tone={TONES[one.state]} />,
        },
        { title: t('list.act'), key: 'act', render: (_, one) => <Acts delegation={one} /> },
      ]}
    />
  )
}

function Acts({ delegation }: { delegation: Delegation }) {
  const { t, name, about } = useSpeech()
  const { message } = App.useApp()
  const client = useQueryClient()
  const { named } = useCapacity()
  const act = async (action: string) => {
    const { delegation_id } = delegation
    try {
      await ask(api.POST('/api/v1/delegations/{delegation_id}/actions', { params: { path: { delegation_id } }, body: { action } }))
      if (named === delegation_id) capacity.keep(null)
      await client.invalidateQueries()
    } catch (refused) {
      message.error(said(refused))
    }
  }
  return (
    <span className="action-bar">
      {delegation.actions.map((action) => (
        <Button
          key={action}
          size="small"
          danger={action === 'revoke'}
          aria-label={about(name('delegation_action', action), t('delegation.of', { giver: delegation.giver.login, taker: delegation.taker.login }))}
          onClick={() => void act(action)}
        >
          {name('delegation_action', action)}
        </Button>
      ))}
    </span>
  )
}

function Create({ close }: { close: () => void }) {
  const { t } = useSpeech()
  const client = useQueryClient()
  const today = useToday()
  const required = { required: true, message: t('field.required') }
  const submit = async (body: Schemas['CreateDelegation']) => {
    await ask(api.POST('/api/v1/delegations', { body }))
    await client.invalidateQueries({ queryKey: ['delegation'] })
  }
  return (
    <FormDialog<Schemas['CreateDelegation']> title={t('delegation.create')} submit={submit} close={close} initial={{ from_on: today }}>
      <Form.Item name="login" label={t('delegation.login')} extra={t('delegation.login_hint')} rules={[required, { pattern: LOGIN, message: t('field.shape') }]}>
        <Input maxLength={32} autoComplete="off" autoFocus />
      </Form.Item>
      <Form.Item name="from_on" label={t('delegation.from')} rules={[required]}>
        <Input type="date" min={today} max="9999-12-31" />
      </Form.Item>
      <Form.Item name="until_on" label={t('delegation.until')} rules={[required]}>
        <Input type="date" min={today} max="9999-12-31" />
      </Form.Item>
    </FormDialog>
  )
}
