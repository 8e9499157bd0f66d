import { PlusOutlined, UploadOutlined } from '@ant-design/icons'
import { useQueryClient } from '@tanstack/react-query'
import { Button, Drawer, Form, Select } from 'antd'
import { useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { api, ask, type Schemas } from '../../api/client'
import { useDivisions } from '../../app/divisions'
import { useHolds, useSession } from '../../app/session'
import { useSpeech } from '../../i18n'
import { DivisionSelect, useChannels } from '../../parts/choose'
import { FormDialog } from '../../parts/form_dialog'
import { momentText } from '../../parts/moment'
import { Page } from '../../parts/page'
import { ReasonDialog } from '../../parts/reason_dialog'
import { type Column, type Filter, SearchTable } from '../../parts/search_table'
import { StatusTag } from '../../parts/status_tag'
import { Records } from '../audit/trail'
import { OrderDialog, useMayOrder } from '../rectification/ordering'
import { useTerminals } from '../terminal/terminals'
import { stateOf } from './opening_state'
import { useServices } from './services'
import { SuspendedOpenings } from './suspended'

type Opening = Schemas['OpeningView']

export function Component() {
  const { t, name, about } = useSpeech()
  const divisions = useDivisions()
  const holds = useHolds()
  const navigate = useNavigate()
  const client = useQueryClient()
  const callers = useCallers()
  const services = useServiceNames()
  // What is searched for is a name: with the names that have come since, it is looked for again.
  const known = `${callers.length} ${useServices().data?.data.length ?? 0}`
  const [isNew, setNew] = useState(false)
  const [closing, setClosing] = useState<Opening | null>(null)
  const [shown, setShown] = useState<Opening | null>(null)
  const [ordering, setOrdering] = useState<Opening | null>(null)
  const mayOrder = useMayOrder()
  const callerName = (id: string) => callers.find((one) => one.value === id)?.label ?? id
  const columns: Column<Opening>[] = [
    { key: 'service', title: t('service.name'), render: (one) => services(one.service), text: (one) => services(one.service) },
    { key: 'caller', title: t('opening.caller'), render: (one) => callerName(one.caller_id), text: (one) => callerName(one.caller_id) },
    { key: 'division', title: t('opening.division'), render: (one) => divisions.name(one.division), text: (one) => divisions.name(one.division) },
    {
      key: 'state',
      title: t('list.state'),
      render: (one) => <StatusTag family="opening_state" state={stateOf(one)} />,
      text: (one) => name('opening_state', stateOf(one)),
    },
    { key: 'opened', title: t('opening.opened'), render: (one) => momentText(one.opened_at), text: (one) => momentText(one.opened_at), isMoment: true },
    { key: 'closed', title: t('opening.closed'), render: (one) => momentText(one.closed_at), text: (one) => momentText(one.closed_at), isMoment: true },
  ]
  columns.push({
    key: 'act',
    title: t('list.act'),
    render: (one) => (
      <span className="action-bar">
        {one.rectification_id && <Link to={`/matters/${one.rectification_id}`}>{t('rectification.see')}</Link>}
        {!one.closed_at && !one.rectification_id && mayOrder(one.caller_id) && (
          <Button size="small" aria-label={about(t('rectification.order'), `${services(one.service)} ${callerName(one.caller_id)}`)} onClick={() => setOrdering(one)}>
            {t('rectification.order')}
          </Button>
        )}
        {holds('service.close') && !one.closed_at && (
          <Button size="small" danger onClick={() => setClosing(one)}>
            {t('opening.close')}
          </Button>
        )}
        <Button size="small" aria-label={about(t('trail.title'), `${services(one.service)} ${callerName(one.caller_id)}`)} onClick={() => setShown(one)}>
          {t('trail.title')}
        </Button>
      </span>
    ),
  })
  const filters: Filter<Opening>[] = [
    {
      key: 'q',
      label: t('list.search'),
      admits: (one, q) => `${services(one.service)} ${callerName(one.caller_id)} ${divisions.name(one.division)}`.includes(q),
    },
    {
      key: 'state',
      label: t('list.state'),
      options: ['open', 'suspended', 'closed'].map((state) => ({ value: state, label: name('opening_state', state) })),
      admits: (one, state) => stateOf(one) === state,
    },
  ]
  const create = holds('service.open') && (
    <>
      <Button icon={<UploadOutlined aria-hidden />} onClick={() => void navigate('/openings/import')}>
        {t('import.label')}
      </Button>
      <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => setNew(true)}>
        {t('opening.create')}
      </Button>
    </>
  )
  const close = async (opening: Opening, reason: string) => {
    const path = { opening_id: opening.opening_id }
    await ask(api.POST('/api/v1/openings/{opening_id}/close', { params: { path }, body: { reason } }))
    await client.invalidateQueries({ queryKey: ['opening'] })
  }
  return (
    <Page title={t('nav.openings')} lead={t('opening.lead')} actions={create}>
      <SuspendedOpenings />
      <SearchTable
        title={t('nav.openings')}
        noun="opening"
        of={known}
        rowKey={(one) => one.opening_id}
        columns={columns}
        filters={filters}
        fetch={({ limit, cursor }) => ask(api.GET('/api/v1/openings', { params: { query: { limit, cursor } } }))}
      />
      <Drawer
        open={shown !== null}
        title={shown && about(t('trail.title'), `${services(shown.service)} ${callerName(shown.caller_id)}`)}
        size={1200}
        onClose={() => setShown(null)}
        destroyOnHidden
      >
        {shown && <Records noun="opening" id={shown.opening_id} />}
      </Drawer>
      {ordering && <OrderDialog openings={[ordering]} close={() => setOrdering(null)} />}
      {isNew && <Create callers={callers} close={() => setNew(false)} />}
      {closing && (
        <ReasonDialog
          title={about(t('opening.close'), `${services(closing.service)} · ${callerName(closing.caller_id)}`)}
          act={(reason) => close(closing, reason)}
          close={() => setClosing(null)}
        />
      )}
    </Page>
  )
}

function useServiceNames(): (code: string) => string {
  const { language } = useSpeech()
  const { data } = useServices()
  return (code) => {
    const found = data?.data.find((one) => one.code === code)
    return (language === 'en' ? found?.name_en : found?.name) ?? code
  }
}

interface Option {
  value: string
  label: string
}

function useCallers(): Option[] {
  const channels = useChannels().map((one) => ({ value: one.channel_id, label: one.name }))
  const terminals = useTerminals().map((one) => ({ value: one.terminal_id, label: one.serial }))
  return [...channels, ...terminals]
}

function Create({ callers, close }: { callers: Option[]; close: () => void }) {
  const { t } = useSpeech()
  const client = useQueryClient()
  const { org } = useSession()
  const services = useServices().data?.data ?? []
  const names = useServiceNames()
  const required = { required: true, message: t('field.required') }
  const submit = async (body: Schemas['CreateOpening']) => {
    await ask(api.POST('/api/v1/openings', { body }))
    await client.invalidateQueries({ queryKey: ['opening'] })
  }
  const searched = { optionFilterProp: 'label' } as const
  return (
    <FormDialog<Schemas['CreateOpening']> title={t('opening.create')} initial={{ division: org.division }} submit={submit} close={close}>
      <Form.Item name="service" label={t('service.name')} rules={[required]}>
        <Select showSearch={searched} options={services.map(({ code }) => ({ value: code, label: names(code) }))} />
      </Form.Item>
      <Form.Item name="caller_id" label={t('opening.caller')} rules={[required]}>
        <Select showSearch={searched} options={callers} />
      </Form.Item>
      <Form.Item name="division" label={t('opening.division')} rules={[required]}>
        <DivisionSelect />
      </Form.Item>
    </FormDialog>
  )
}
