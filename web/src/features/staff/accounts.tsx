import { PlusOutlined } from '@ant-design/icons'
import { useQueryClient } from '@tanstack/react-query'
import { Button, Drawer, Form, Input, Select } from 'antd'
import { useState } from 'react'
import { api, ask, type Schemas } from '../../api/client'
import { useHolds } from '../../app/session'
import { useSpeech } from '../../i18n'
import { OrgSelect, useOrgs } from '../../parts/choose'
import { FormDialog } from '../../parts/form_dialog'
import { Page } from '../../parts/page'
import { type Column, type Filter, SearchTable } from '../../parts/search_table'
import { SecretOnce } from '../../parts/secret_once'
import { Records } from '../audit/trail'
import { AccountActs } from './account_acts'
import { accountColumns } from './account_columns'
import { LOGIN } from './login'
import { type Member, STAFF } from './realm'

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
  'channel_engineer',
  'lab_tester',
]

export function Component() {
  const speaker = useSpeech()
  const { t, name } = speaker
  const holds = useHolds()
  const orgs = useOrgs()
  const [shown, setShown] = useState<Member | null>(null)
  const [isNew, setNew] = useState(false)
  const [made, setMade] = useState<Schemas['StaffCreated'] | null>(null)
  const orgName = (id: string) => orgs.find((org) => org.org_id === id)?.name ?? id
  const { login, role, state, seen, factor, password, opened } = accountColumns(speaker)
  const org: Column<Member> = {
    key: 'org',
    title: t('staff.org'),
    render: (one) => orgName(one.org_id),
    text: (one) => orgName(one.org_id),
  }
  const act: Column<Member> = {
    key: 'act',
    title: t('list.act'),
    render: (one) => (
      <span className="action-bar">
        {holds('staff.disable') && <AccountActs account={one} realm={STAFF} />}
        <Button size="small" aria-label={t('staff.records', { login: one.login })} onClick={() => setShown(one)}>
          {t('trail.title')}
        </Button>
      </span>
    ),
  }
  const columns = [login, role, org, state, seen, factor, password, opened, act]
  const filters: Filter<Member>[] = [
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
        fetch={STAFF.list}
      />
      <Drawer
        open={shown !== null}
        title={shown && t('staff.records', { login: shown.login })}
        size={1200}
        onClose={() => setShown(null)}
        destroyOnHidden
      >
        {shown && <Records noun="staff" id={shown.staff_id} />}
      </Drawer>
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
        rules={[required, { pattern: LOGIN, message: t('field.shape') }]}
      >
        <Input maxLength={32} autoComplete="off" />
      </Form.Item>
    </FormDialog>
  )
}
