// The numbers of the rules: what is in force, what waits for a second person, and proposing another value (四眼).

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Drawer, Form, Input, InputNumber } from 'antd'
import { useState } from 'react'
import { api, ask, type Schemas } from '../../api/client'
import { useHolds, useSession } from '../../app/session'
import { useToday } from '../../app/today'
import { useSpeech } from '../../i18n'
import { Clause } from '../../parts/clause'
import { FormDialog } from '../../parts/form_dialog'
import { dayAfter, dayText, momentText } from '../../parts/moment'
import { Page } from '../../parts/page'
import { type Column, type Filter, SearchTable } from '../../parts/search_table'
import { Nothing } from '../../parts/states'
import { StatusTag } from '../../parts/status_tag'
import { Trail } from '../audit/trail'
import { Decide } from './decide'
import { Trial } from './trial'
import { scaleOf, useUnit, useValue } from './value'

type Parameter = Schemas['ParameterView']
type Version = Schemas['ParameterVersionView']

export function Component() {
  const { t } = useSpeech()
  const [shown, setShown] = useState<string | null>(null)
  const say = useValue()
  const waiting = (one: Parameter) => one.versions.filter((version) => version.state === 'proposed')
  const columns: Column<Parameter>[] = [
    {
      key: 'name',
      title: t('parameter.name'),
      render: (one) => (
        <Button type="link" className="cell-link" onClick={() => setShown(one.name)}>
          {one.meaning}
        </Button>
      ),
      text: (one) => one.meaning,
    },
    { key: 'code', title: t('parameter.code'), render: (one) => <code>{one.name}</code>, text: (one) => one.name },
    { key: 'value', title: t('parameter.value'), isNumber: true, render: (one) => say(one, one.value), text: (one) => String(one.value) },
    { key: 'clause', title: t('parameter.clause'), render: (one) => (one.clause ? <Clause ids={one.clause} /> : '—'), text: (one) => one.clause ?? '' },
    { key: 'number', title: t('parameter.number'), isNumber: true, render: (one) => one.number, text: (one) => String(one.number) },
    {
      key: 'waiting',
      title: t('parameter.coming'),
      render: (one) =>
        one.versions.map((version) => (
          <span key={version.version_id} className="countdown">
            <StatusTag family="parameter_state" state={version.state} tone={version.state === 'proposed' ? 'warn' : 'note'} />
            {say(one, version.value)} · {t('parameter.from', { day: dayText(version.begins_on) })}
          </span>
        )),
    },
  ]
  const filters: Filter<Parameter>[] = [
    { key: 'q', label: t('list.search'), admits: (one, q) => `${one.name} ${one.meaning} ${one.clause ?? ''}`.includes(q) },
    {
      key: 'waiting',
      label: t('parameter.coming'),
      options: [{ value: 'proposed', label: t('parameter.only_waiting') }],
      admits: (one) => waiting(one).length > 0,
    },
  ]
  return (
    <Page title={t('nav.parameters')} lead={t('parameter.lead')}>
      <SearchTable
        title={t('nav.parameters')}
        noun="parameter"
        rowKey={(one) => one.name}
        columns={columns}
        filters={filters}
        fetch={({ limit, cursor }) => ask(api.GET('/api/v1/parameters', { params: { query: { limit, cursor } } }))}
      />
      <Drawer
        open={shown !== null}
        title={t('parameter.history')}
        size={560}
        onClose={() => setShown(null)}
        destroyOnHidden
      >
        {shown && <History name={shown} />}
      </Drawer>
    </Page>
  )
}

/** All versions of one parameter, and what may be done about them. */
function History({ name }: { name: string }) {
  const { t } = useSpeech()
  const holds = useHolds()
  const { staff } = useSession()
  const client = useQueryClient()
  const say = useValue()
  const [isNew, setNew] = useState(false)
  const [deciding, setDeciding] = useState<Version | null>(null)
  const { data } = useQuery({
    queryKey: ['parameter', name],
    queryFn: () => ask(api.GET('/api/v1/parameters/{parameter}', { params: { path: { parameter: name } } })),
  })
  if (!data) return null
  const refresh = () => client.invalidateQueries({ queryKey: ['parameter'] })
  const propose = async (body: Schemas['ProposeParameter']) => {
    await ask(api.POST('/api/v1/parameters/{parameter}/versions', { params: { path: { parameter: name } }, body }))
    await refresh()
  }
  const decide = async (version: Version, body: Schemas['DecideParameter']) => {
    const params = { path: { version_id: version.version_id }, header: { 'If-Match': `"${version.version}"` } }
    await ask(api.POST('/api/v1/parameter-versions/{version_id}/decision', { params, body }))
    await refresh()
  }
  return (
    <div className="panels">
      <p>
        <strong>{data.meaning}</strong> {data.clause && <Clause ids={data.clause} />}
      </p>
      <p>
        {t('parameter.in_force')} {say(data, data.value)} · {t('parameter.range', { least: say(data, data.least), most: say(data, data.most) })}
      </p>
      {data.versions.length === 0 ? (
        <Nothing text={t('parameter.delivered')} />
      ) : (
        <ol className="timeline">
          {[...data.versions].reverse().map((version) => (
            <li key={version.version_id}>
              <div className="timeline-head">
                <strong>{say(data, version.value)}</strong>
                <StatusTag family="parameter_state" state={version.state} tone={version.state === 'proposed' ? 'warn' : version.state === 'approved' ? 'good' : 'calm'} />
                <span className="quiet">{t('parameter.from', { day: dayText(version.begins_on) })}</span>
                <span className="quiet">{momentText(version.proposed_at)}</span>
              </div>
              {version.reason && <blockquote>{version.reason}</blockquote>}
              {version.decision_reason && <blockquote>{version.decision_reason}</blockquote>}
              {version.state === 'proposed' && holds('parameter.review') && (
                <Button size="small" className="gap-above" onClick={() => setDeciding(version)}>
                  {t(version.proposed_by === staff.staff_id ? 'parameter.take_back' : 'parameter.decide')}
                </Button>
              )}
            </li>
          ))}
        </ol>
      )}
      {holds('parameter.propose') && (
        <Button type="primary" onClick={() => setNew(true)}>
          {t('parameter.propose')}
        </Button>
      )}
      {data.has_trial && <Trial parameter={data} />}
      <Trail noun="parameter" id={name} />
      {isNew && <Propose parameter={data} submit={propose} close={() => setNew(false)} />}
      {deciding && (
        <Decide
          isOwn={deciding.proposed_by === staff.staff_id}
          submit={(body) => decide(deciding, body)}
          close={() => setDeciding(null)}
        />
      )}
    </div>
  )
}

interface ProposeProps {
  parameter: Parameter
  submit: (body: Schemas['ProposeParameter']) => Promise<void>
  close: () => void
}

function Propose({ parameter, submit, close }: ProposeProps) {
  const { t } = useSpeech()
  const unit = useUnit(parameter)
  const scale = scaleOf(parameter)
  const earliest = dayAfter(useToday(), 2)
  const required = { required: true, message: t('field.required') }
  return (
    <FormDialog<Schemas['ProposeParameter']>
      title={t('parameter.propose')}
      initial={{ value: parameter.value / scale, begins_on: earliest }}
      submit={(body) => submit({ ...body, value: Math.round(body.value * scale) })}
      close={close}
    >
      <p className="gap-below">{t('parameter.four_eyes')}</p>
      <Form.Item name="value" label={`${t('parameter.value')}${unit}`} rules={[required]}>
        <InputNumber min={parameter.least / scale} max={parameter.most / scale} precision={scale === 1 ? 0 : 2} />
      </Form.Item>
      <Form.Item name="begins_on" label={t('parameter.begins_on')} rules={[required]} extra={t('parameter.earliest', { day: earliest })}>
        <Input type="date" min={earliest} />
      </Form.Item>
      <Form.Item name="reason" label={t('action.reason')} rules={[{ ...required, whitespace: true }]}>
        <Input.TextArea rows={3} maxLength={500} showCount />
      </Form.Item>
    </FormDialog>
  )
}
