// What every role may do, as the platform's own table says it: the one that decides every request.

import { useQuery } from '@tanstack/react-query'
import { Form, Select, Tag } from 'antd'
import { useSearchParams } from 'react-router'
import { api, ask, type Schemas } from '../../api/client'
import { useSession } from '../../app/session'
import { useSpeech } from '../../i18n'
import { between } from '../../i18n/between'
import { Loaded } from '../../parts/loaded'
import { Facts, Page, Panel } from '../../parts/page'
import { ShortTable } from '../../parts/short_table'
import { held } from './held'

export function Component() {
  const { t } = useSpeech()
  const found = useQuery({ queryKey: ['role'], queryFn: () => ask(api.GET('/api/v1/roles')), staleTime: Infinity })
  return (
    <Loaded title={t('nav.roles')} query={found}>
      {(table) => <Table table={table} />}
    </Loaded>
  )
}

function Table({ table }: { table: Schemas['RoleTable'] }) {
  const { t, name, language } = useSpeech()
  const { staff } = useSession()
  const [params, setParams] = useSearchParams()
  const chosen = params.get('role') ?? ''
  const rows = held(table.operations, chosen)
  const role = table.roles.find((one) => one.role === chosen)
  return (
    <Page title={t('nav.roles')} lead={t('role.lead')}>
      <div className="panels">
        <Form layout="vertical">
          <Form.Item label={t('role.one')} htmlFor="role">
            <Select
              id="role"
              value={chosen}
              options={[
                { value: '', label: t('role.all') },
                ...table.roles.map((one) => ({ value: one.role, label: name('role', one.role) + (one.role === staff.role ? t('role.own') : '') })),
              ]}
              onChange={(value: string) => setParams(value ? { role: value } : {})}
            />
          </Form.Item>
        </Form>
        {role && <About role={role} />}
        <section className="list" aria-label={t('role.operations')}>
          <ShortTable
            label={t('role.operations')}
            rowKey={(one) => one.operation}
            dataSource={rows}
            columns={[
              { title: t('role.operation'), key: 'name', render: (_, one) => (language === 'en' ? one.name_en : one.name) },
              { title: t('role.code'), key: 'code', render: (_, one) => <code>{one.operation}</code> },
              { title: t('role.held_by'), key: 'roles', render: (_, one) => <Roles roles={one.roles} /> },
            ]}
          />
        </section>
      </div>
    </Page>
  )
}

function About({ role }: { role: Schemas['RoleView'] }) {
  const { t, name, language } = useSpeech()
  return (
    <Panel title={name('role', role.role)}>
      <Facts
        facts={[
          { label: t('role.code'), value: <code>{role.role}</code> },
          { label: t('role.power'), value: name('power', role.power) },
          { label: t('role.org_kinds'), value: role.org_kinds.map((kind) => name('org_kind', kind)).join(between(language)) },
          { label: t('role.reach'), value: t(role.is_own_org_only ? 'role.own_org' : 'role.own_area') },
        ]}
      />
    </Panel>
  )
}

function Roles({ roles }: { roles: string[] }) {
  const { name } = useSpeech()
  return (
    <span className="chips">
      {roles.map((role) => (
        <Tag key={role} className="tone-calm" variant="filled">
          {name('role', role)}
        </Tag>
      ))}
    </span>
  )
}
