import { PlusOutlined, UploadOutlined } from '@ant-design/icons'
import { useQueryClient } from '@tanstack/react-query'
import { Button, Drawer, Form, Input, Select } from 'antd'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { api, ask, type Schemas } from '../../api/client'
import { useDivisions } from '../../app/divisions'
import { useHolds } from '../../app/session'
import { useSpeech } from '../../i18n'
import { DivisionSelect } from '../../parts/choose'
import { FormDialog } from '../../parts/form_dialog'
import { dayText } from '../../parts/moment'
import { Page } from '../../parts/page'
import { type Column, type Filter, SearchTable } from '../../parts/search_table'
import { Records } from '../audit/trail'
import { SignInRule } from './sign_in_rule'
import { UsccItem } from './uscc_item'

type Org = Schemas['OrgView']

const KINDS: Schemas['OrgKind'][] = ['ministry', 'province', 'prefecture', 'operator', 'channel_owner', 'department', 'lab']

export function Component() {
  const { t, name } = useSpeech()
  const divisions = useDivisions()
  const holds = useHolds()
  const navigate = useNavigate()
  const [isNew, setNew] = useState(false)
  const [shown, setShown] = useState<Org | null>(null)
  const columns: Column<Org>[] = [
    {
      key: 'name',
      title: t('org.name'),
      render: (org) => (
        <Button type="link" className="cell-link" title={t('org.records', { name: org.name })} onClick={() => setShown(org)}>
          {org.name}
        </Button>
      ),
      text: (org) => org.name,
    },
    { key: 'kind', title: t('org.kind'), render: (org) => name('org_kind', org.kind), text: (org) => name('org_kind', org.kind) },
    { key: 'division', title: t('org.division'), render: (org) => divisions.name(org.division), text: (org) => divisions.name(org.division) },
    { key: 'uscc', title: t('org.uscc'), render: (org) => (org.uscc ? <code>{org.uscc}</code> : '—'), text: (org) => org.uscc ?? '' },
    { key: 'id', title: t('org.id'), render: (org) => <code>{org.org_id}</code>, text: (org) => org.org_id },
    { key: 'at', title: t('list.created'), render: (org) => dayText(org.created_at), text: (org) => dayText(org.created_at) },
  ]
  const filters: Filter<Org>[] = [
    { key: 'q', label: t('list.search'), admits: (org, q) => `${org.name} ${org.uscc ?? ''} ${org.org_id}`.includes(q) },
    {
      key: 'kind',
      label: t('org.kind'),
      options: KINDS.map((kind) => ({ value: kind, label: name('org_kind', kind) })),
      admits: (org, kind) => org.kind === kind,
    },
  ]
  const create = holds('org.create') && (
    <>
      <Button icon={<UploadOutlined aria-hidden />} onClick={() => void navigate('/orgs/import')}>
        {t('import.label')}
      </Button>
      <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => setNew(true)}>
        {t('org.create')}
      </Button>
    </>
  )
  return (
    <Page title={t('nav.orgs')} lead={t('org.lead')} actions={create}>
      <SearchTable
        title={t('nav.orgs')}
        noun="org"
        rowKey={(org) => org.org_id}
        columns={columns}
        filters={filters}
        fetch={({ limit, cursor }) => ask(api.GET('/api/v1/orgs', { params: { query: { limit, cursor } } }))}
      />
      {isNew && <Create close={() => setNew(false)} />}
      <Drawer
        open={shown !== null}
        title={shown && t('org.records', { name: shown.name })}
        size={1200}
        onClose={() => setShown(null)}
        destroyOnHidden
      >
        {shown && (
          <div className="panels">
            {holds('sign_in_rule.read') && <SignInRule key={shown.org_id} org_id={shown.org_id} />}
            <Records noun="org" id={shown.org_id} />
          </div>
        )}
      </Drawer>
    </Page>
  )
}

function Create({ close }: { close: () => void }) {
  const { t, name } = useSpeech()
  const client = useQueryClient()
  const required = { required: true, message: t('field.required') }
  const submit = async (body: Schemas['CreateOrg']) => {
    await ask(api.POST('/api/v1/orgs', { body: { ...body, uscc: body.uscc || undefined } }))
    await client.invalidateQueries({ queryKey: ['org'] })
  }
  return (
    <FormDialog<Schemas['CreateOrg']> title={t('org.create')} submit={submit} close={close}>
      <Form.Item name="name" label={t('org.name')} rules={[required]}>
        <Input maxLength={200} autoFocus />
      </Form.Item>
      <Form.Item name="kind" label={t('org.kind')} rules={[required]}>
        <Select options={KINDS.map((kind) => ({ value: kind, label: name('org_kind', kind) }))} />
      </Form.Item>
      <Form.Item name="division" label={t('org.division')} rules={[required]} extra={t('org.division_hint')}>
        <DivisionSelect />
      </Form.Item>
      <UsccItem name="uscc" />
    </FormDialog>
  )
}
