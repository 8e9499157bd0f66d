import { PlusOutlined } from '@ant-design/icons'
import { useQueryClient } from '@tanstack/react-query'
import { Button, Form, Input, Select } from 'antd'
import { useState } from 'react'
import { api, ask, type Schemas } from '../../api/client'
import { useHolds, useSession } from '../../app/session'
import { useSpeech } from '../../i18n'
import { OrgSelect, useOrgs } from '../../parts/choose'
import { FormDialog } from '../../parts/form_dialog'
import { dayText } from '../../parts/moment'
import { Page } from '../../parts/page'
import { ReasonDialog } from '../../parts/reason_dialog'
import { type Column, type Filter, SearchTable } from '../../parts/search_table'
import { SecretOnce } from '../../parts/secret_once'
import { StatusTag } from '../../parts/status_tag'

type Account = Schemas['StaffView']

const ROLES = [
  'operator_admin',
  'operator_clerk',
  'security_admin',
  'audit_admin',
  'ministry_reviewer',
  'region_admin',
  'region_clerk',
  'department_clerk',
  'channel_admin',
  'lab_tester',
]

export function Component() {
  const { t, name } = useSpeech()
  const holds = useHolds()
  const orgs = useOrgs()
  const [isNew, setNew] = useState(false)
  const [made, setMade] = useState<Schemas['StaffCreated'] | null>(null)
  const orgName = (id: string) => orgs.find((org) => org.org_id === id)?.name ?? id
  const columns: Column<Account>[] = [
    { key: 'login', title: t('sign_in.login'), render: (one) => <code>{one.login}</code>, text: (one) => one.login },
    { key: 'role', title: t('staff.role'), render: (one) => name('role', one.role), text: (one) => name('role', one.role) },
    { key: 'org', title: t('staff.org'), render: (one) => orgName(one.org_id), text: (one) => orgName(one.org_id) },
    {
      key: 'state',
      title: t('list.state'),
      render: (one) => <StatusTag family="staff_state" state={one.state} />,
      text: (one) => name('staff_state', one.state),
    },
    {
      key: 'password',
      title: t('staff.password_state'),
      render: (one) => (one.must_change_password ? t('staff.password_first') : t('staff.password_own')),
    },
    { key: 'at', title: t('list.created'), render: (one) => dayText(one.created_at), text: (one) => dayText(one.created_at) },
  ]
  if (holds('staff.disable')) {
    columns.push({ key: 'act', title: t('list.act'), render: (one) => <Acts account={one} /> })
  }
  const filters: Filter<Account>[] = [
    { key: 'q', label: t('list.search'), admits: (one, q) => one.login.includes(q) || orgName(one.org_id).includes(q) },
    {
      key: 'role',
      label: t('staff.role'),
      options: ROLES.map((role) => ({ value: role, label: name('role', role) })),
      admits: (one, role) => one.role === role,
    },
  ]
  const create = holds('staff.create') && (
    <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => setNew(true)}>
      {t('staff.create')}
    </Button>
  )
  return (
    <Page title={t('nav.staff')} lead={t('staff.lead')} actions={create}>
      <SearchTable
        title={t('nav.staff')}
        noun="staff"
        rowKey={(one) => one.staff_id}
        columns={columns}
        filters={filters}
        fetch={({ limit, cursor }) => ask(api.GET('/api/v1/staff', { params: { query: { limit, cursor } } }))}
      />
      {isNew && <Create close={() => setNew(false)} whenMade={setMade} />}
      {made && (
        <SecretOnce
          title={t('staff.one_time')}
          about={`${made.staff.login} · ${name('role', made.staff.role)} · ${orgName(made.staff.org_id)}`}
          secret={made.one_time_password}
          close={() => setMade(null)}
        />
      )}
    </Page>
  )
}

function Create({ close, whenMade }: { close: () => void; whenMade: (made: Schemas['StaffCreated']) => void }) {
  const { t, name } = useSpeech()
  const client = useQueryClient()
  const required = { required: true, message: t('field.required') }
  const submit = async (body: Schemas['CreateStaff']) => {
    whenMade(await ask(api.POST('/api/v1/staff', { body })))
    await client.invalidateQueries({ queryKey: ['staff'] })
  }
  return (
    <FormDialog<Schemas['CreateStaff']> title={t('staff.create')} submit={submit} close={close}>
      <Form.Item name="org_id" label={t('staff.org')} rules={[required]}>
        <OrgSelect />
      </Form.Item>
      <Form.Item name="role" label={t('staff.role')} rules={[required]} extra={t('staff.role_hint')}>
        <Select options={ROLES.map((role) => ({ value: role, label: name('role', role) }))} />
      </Form.Item>
      <Form.Item
        name="login"
        label={t('sign_in.login')}
        extra={t('staff.login_hint')}
        rules={[required, { pattern: /^[a-z][a-z0-9._-]{2,31}$/, message: t('field.shape') }]}
      >
        <Input maxLength={32} autoComplete="off" />
      </Form.Item>
    </FormDialog>
  )
}

type Act = 'disable' | 'enable' | 'reset'

/** What a security administrator does about an account; not about the own one. */
function Acts({ account }: { account: Account }) {
  const { t } = useSpeech()
  const client = useQueryClient()
  const own = useSession().staff.staff_id
  const mayReset = useHolds()('staff.reset_factor')
  const [chosen, setChosen] = useState<Act | null>(null)
  if (account.staff_id === own) return null
  const state: Act = account.state === 'active' ? 'disable' : 'enable'
  const act = async (reason: string) => {
    const asked = { params: { path: { staff_id: account.staff_id } }, body: { reason } }
    await ask(
      chosen === 'reset'
        ? api.POST('/api/v1/staff/{staff_id}/factor/reset', asked)
        : chosen === 'disable'
          ? api.POST('/api/v1/staff/{staff_id}/disable', asked)
          : api.POST('/api/v1/staff/{staff_id}/enable', asked),
    )
    await client.invalidateQueries({ queryKey: ['staff'] })
  }
  return (
    <span className="action-bar">
      <Button size="small" danger={state === 'disable'} onClick={() => setChosen(state)}>
        {t(`staff.${state}`)}
      </Button>
      {mayReset && (
        <Button size="small" onClick={() => setChosen('reset')}>
          {t('staff.reset')}
        </Button>
      )}
      {chosen && (
        <ReasonDialog title={`${t(`staff.${chosen}`)}：${account.login}`} act={act} close={() => setChosen(null)} />
      )}
    </span>
  )
}
