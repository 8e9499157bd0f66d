import { PlusOutlined, UploadOutlined } from '@ant-design/icons'
import { useQueryClient } from '@tanstack/react-query'
import { Button, Form, Input } from 'antd'
import { useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { api, ask, type Schemas } from '../../api/client'
import { useDivisions } from '../../app/divisions'
import { useHolds } from '../../app/session'
import { useSpeech } from '../../i18n'
import { DivisionSelect, OrgSelect, useAll, useOrgs } from '../../parts/choose'
import { FormDialog } from '../../parts/form_dialog'
import { dayText } from '../../parts/moment'
import { Page } from '../../parts/page'
import { type Column, type Filter, SearchTable } from '../../parts/search_table'
import { StatusTag } from '../../parts/status_tag'

type Terminal = Schemas['TerminalView']

export function useTerminals(): Terminal[] {
  return useAll('terminal', 'terminal.list', (cursor) =>
    ask(api.GET('/api/v1/terminals', { params: { query: { limit: 200, cursor } } })),
  )
}

export function Component() {
  const { t, name } = useSpeech()
  const divisions = useDivisions()
  const holds = useHolds()
  const navigate = useNavigate()
  const orgs = useOrgs()
  const [isNew, setNew] = useState(false)
  const orgName = (id: string) => orgs.find((org) => org.org_id === id)?.name ?? id
  const columns: Column<Terminal>[] = [
    {
      key: 'serial',
      title: t('terminal.serial'),
      render: (one) => <Link to={`/terminals/${one.terminal_id}`}>{one.serial}</Link>,
      text: (one) => one.serial,
    },
    { key: 'org', title: t('terminal.org'), render: (one) => orgName(one.org_id), text: (one) => orgName(one.org_id) },
    { key: 'division', title: t('terminal.division'), render: (one) => divisions.name(one.division), text: (one) => divisions.name(one.division) },
    { key: 'psam', title: t('terminal.psam'), render: (one) => (one.psam_no ? <code>{one.psam_no}</code> : '—'), text: (one) => one.psam_no ?? '' },
    {
      key: 'state',
      title: t('list.state'),
      render: (one) => <StatusTag family="terminal_state" state={one.state} />,
      text: (one) => name('terminal_state', one.state),
    },
    { key: 'at', title: t('list.created'), render: (one) => dayText(one.created_at), text: (one) => dayText(one.created_at) },
  ]
  const filters: Filter<Terminal>[] = [
    { key: 'q', label: t('list.search'), admits: (one, q) => `${one.serial} ${one.psam_no ?? ''} ${orgName(one.org_id)}`.includes(q) },
    {
      key: 'state',
      label: t('list.state'),
      options: ['active', 'blocked'].map((state) => ({ value: state, label: name('terminal_state', state) })),
      admits: (one, state) => one.state === state,
    },
  ]
  const create = holds('terminal.create') && (
    <>
      <Button icon={<UploadOutlined aria-hidden />} onClick={() => void navigate('/terminals/import')}>
        {t('import.label')}
      </Button>
      <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => setNew(true)}>
        {t('terminal.create')}
      </Button>
    </>
  )
  return (
    <Page title={t('nav.terminals')} lead={t('terminal.lead')} actions={create}>
      <SearchTable
        title={t('nav.terminals')}
        noun="terminal"
        rowKey={(one) => one.terminal_id}
        columns={columns}
        filters={filters}
        whole={(values) => (Object.keys(values).length === 0 ? {} : undefined)}
        fetch={({ limit, cursor }) => ask(api.GET('/api/v1/terminals', { params: { query: { limit, cursor } } }))}
      />
      {isNew && <Create close={() => setNew(false)} />}
    </Page>
  )
}

function Create({ close }: { close: () => void }) {
  const { t } = useSpeech()
  const client = useQueryClient()
  const required = { required: true, message: t('field.required') }
  const submit = async (body: Schemas['CreateTerminal']) => {
    await ask(api.POST('/api/v1/terminals', { body: { ...body, psam_no: body.psam_no || undefined, keys: [] } }))
    await client.invalidateQueries({ queryKey: ['terminal'] })
  }
  const upper = (text: string) => text.toUpperCase()
  return (
    <FormDialog<Schemas['CreateTerminal']> title={t('terminal.create')} submit={submit} close={close}>
      <Form.Item name="serial" label={t('terminal.serial')} normalize={upper} rules={[required]}>
        <Input maxLength={32} autoFocus />
      </Form.Item>
      <Form.Item name="org_id" label={t('terminal.org')} rules={[required]}>
        <OrgSelect />
      </Form.Item>
      <Form.Item name="division" label={t('terminal.division')} rules={[required]}>
        <DivisionSelect withNation={false} />
      </Form.Item>
      <Form.Item name="psam_no" label={t('terminal.psam')} rules={[{ pattern: /^\d{12}$/, message: t('terminal.psam_shape') }]}>
        <Input maxLength={12} inputMode="numeric" />
      </Form.Item>
    </FormDialog>
  )
}
