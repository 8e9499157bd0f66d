// The people of an organisation that owns channels: who they are, what they did, and that keys of programs are no people.

import { PlusOutlined } from '@ant-design/icons'
import { useQueryClient } from '@tanstack/react-query'
import { Button, Form, Input, Select } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { api, ask, type Schemas } from '../../api/client'
import { useSpeech } from '../../i18n'
import { useKeptChannels } from '../../parts/choose'
import { FormDialog } from '../../parts/form_dialog'
import { Page, Panel } from '../../parts/page'
import { type Filter, SearchTable } from '../../parts/search_table'
import { SecretOnce } from '../../parts/secret_once'
import { Trail } from '../audit/trail'
import { AccountActs } from './account_acts'
import { accountColumns } from './account_columns'
import { LOGIN } from './login'
import { type Member, TEAM } from './realm'

const ROLES = ['channel_admin', 'channel_engineer']

export function Component() {
  const speaker = useSpeech()
  const { t, name } = speaker
  const [isNew, setNew] = useState(false)
  const [made, setMade] = useState<Schemas['StaffCreated'] | null>(null)
  const { login, role, state, seen, factor, password } = accountColumns(speaker)
  const act = { key: 'act', title: t('list.act'), render: (one: Member) => <AccountActs account={one} realm={TEAM} /> }
  const filters: Filter<Member>[] = [
    { key: 'q', label: t('list.search'), admits: (one, q) => one.login.includes(q) },
    {
      key: 'role',
      label: t('staff.role'),
      options: ROLES.map((one) => ({ value: one, label: name('role', one) })),
      admits: (one, wanted) => one.role === wanted,
    },
  ]
  const create = (
    <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => setNew(true)}>
      {t('staff.create')}
    </Button>
  )
  return (
    <Page title={t('nav.team')} lead={t('team.lead')} actions={create}>
      <div className="panels">
        <SearchTable
          title={t('nav.team')}
          noun="team"
          rowKey={(one) => one.staff_id}
          columns={[login, role, state, seen, factor, password, act]}
          filters={filters}
          fetch={TEAM.list}
        />
        <Programs />
        <Trail noun="team" id="team" />
      </div>
      {isNew && <Create close={() => setNew(false)} whenMade={setMade} />}
      {made && (
        <SecretOnce
          title={t('staff.one_time')}
          about={`${made.staff.login} · ${name('role', made.staff.role)}`}
          secret={made.one_time_password}
          close={() => setMade(null)}
        />
      )}
    </Page>
  )
}

/** Programs call with keys, not with accounts: nobody signs in with a key, and no account calls. */
function Programs() {
  const { t } = useSpeech()
  const channels = useKeptChannels()
  const inUse = (channel: Schemas['ChannelView']) => channel.keys.filter((key) => key.state === 'active').length
  return (
    <Panel title={t('team.programs')}>
      <p className="quiet">{t('team.programs_lead')}</p>
      <ul>
        {channels.map((channel) => (
          <li key={channel.channel_id}>
            <Link to={`/channels/${channel.channel_id}`}>{channel.name}</Link> {t('team.keys', { n: inUse(channel) })}
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function Create({ close, whenMade }: { close: () => void; whenMade: (made: Schemas['StaffCreated']) => void }) {
  const { t, name } = useSpeech()
  const client = useQueryClient()
  const required = { required: true, message: t('field.required') }
  const submit = async (body: Schemas['CreateMember']) => {
    whenMade(await ask(api.POST('/api/v1/team', { body })))
    await client.invalidateQueries({ queryKey: ['team'] })
  }
  return (
    <FormDialog<Schemas['CreateMember']> title={t('staff.create')} submit={submit} close={close}>
      <Form.Item name="role" label={t('staff.role')} rules={[required]} extra={t('team.role_hint')}>
        <Select options={ROLES.map((role) => ({ value: role, label: name('role', role) }))} />
      </Form.Item>
      <Form.Item name="login" label={t('sign_in.login')} extra={t('staff.login_hint')} rules={[required, { pattern: LOGIN, message: t('field.shape') }]}>
        <Input maxLength={32} autoComplete="off" />
      </Form.Item>
    </FormDialog>
  )
}
