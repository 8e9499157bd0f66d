// What the steps of an application ask for besides an opinion.

import { Checkbox, Form, Input, InputNumber, Radio, Select } from 'antd'
import { useEffect } from 'react'
import { useDivisions } from '../../app/divisions'
import { useSession } from '../../app/session'
import { useToday } from '../../app/today'
import { useSpeech } from '../../i18n'
import type { Answer } from '../../parts/action_bar'
import { Clause } from '../../parts/clause'
import { Upload } from '../../parts/upload'
import type { Matter } from '../matter/wire'
import { type ApplicationBodyShape, code } from './application_body'
import { Films } from './films'
import { useLastContact } from './last_contact'
import { STEPS, SYSTEMS } from './marks'

interface Props {
  matter: Matter
}

const bodyOf = (matter: Matter) => (matter.body ?? {}) as ApplicationBodyShape

/** Who may be asked about it: the block of the form below every opinion (CH-F1.15). */
function Contact() {
  const { t } = useSpeech()
  const today = useToday()
  const form = Form.useFormInstance()
  const last = useLastContact()
  useEffect(() => {
    // What somebody has begun to write stays.
    const isEmpty = !form.getFieldValue('contact') && !form.getFieldValue('phone')
    if (last && isEmpty) form.setFieldsValue(last)
  }, [form, last])
  const required = { required: true, whitespace: true, message: t('field.required') }
  return (
    <>
    <div className="form-grid">
      <Form.Item name="contact" label={t('application.contact.name')} rules={[required]}>
        <Input maxLength={50} autoComplete="name" />
      </Form.Item>
      <Form.Item name="phone" label={t('application.opinion_phone')} rules={[required]}>
        <Input maxLength={20} autoComplete="tel" />
      </Form.Item>
    </div>
    <p className="quiet gap-below">
      {t('application.opinion_on')} <time dateTime={today}>{today}</time>
      {last && ` · ${t('application.opinion_prefilled')}`}
    </p>
    </>
  )
}

/** An opinion on one of the regions that are open for this department. */
export function RegionOpinion({ matter }: Props) {
  const { t } = useSpeech()
  const divisions = useDivisions()
  const own = useSession().org.division
  const body = bodyOf(matter)
  const tasks = (matter.state === 'first_review' ? body.first : body.test)?.tasks ?? []
  const open = tasks.filter((task) => !task.opinion && code(task.division) === own).map((task) => code(task.region))
  return (
    <>
      <Form.Item name="region" label={t('application.regions')} initialValue={open[0]} rules={[{ required: true, message: t('field.required') }]}>
        <Select options={open.map((value) => ({ value, label: divisions.name(value) }))} />
      </Form.Item>
      <Contact />
      <section className="gap-below" aria-label={t('application.opinion_sealed')}>
        <p>
          {t('application.opinion_sealed')} <span className="clause">CH-F1.15</span>
        </p>
        <Upload matter_id={matter.matter_id} purpose="opinion_sealed" takes="scan" isShared />
      </section>
    </>
  )
}

/** A province's answer to the ministry. */
export function ConsultationReply() {
  const { t, name } = useSpeech()
  const verdicts = ['agreed', 'conditional', 'refused']
  return (
    <>
      <p className="quiet gap-below">{t('application.silence_means')}</p>
      <Form.Item name="verdict" label={t('application.verdict')} rules={[{ required: true, message: t('field.required') }]}>
        <Radio.Group options={verdicts.map((value) => ({ value, label: name('verdict_of', value) }))} />
      </Form.Item>
      <Contact />
    </>
  )
}

/** Which of the regions are opened. */
export function Decision({ matter }: Props) {
  const { t } = useSpeech()
  const divisions = useDivisions()
  const regions = (bodyOf(matter).regions ?? []).map(code)
  return (
    <>
      <Form.Item
        name="regions"
        label={t('application.opened_regions')}
        initialValue={regions}
        rules={[{ required: true, message: t('field.required') }]}
      >
        <Select mode="multiple" options={regions.map((value) => ({ value, label: divisions.name(value) }))} />
      </Form.Item>
      <Form.Item name="is_platform_level" valuePropName="checked" initialValue={false}>
        <Checkbox>{t('application.platform_level')}</Checkbox>
      </Form.Item>
    </>
  )
}

/** A condition that the ministry waives. */
export function Waiver() {
  const { t, name } = useSpeech()
  const conditions = ['running_time', 'users', 'company_age']
  return (
    <Form.Item name="condition" label={t('application.waived')} rules={[{ required: true, message: t('field.required') }]}>
      <Select options={conditions.map((value) => ({ value, label: name('waivable', value) }))} />
    </Form.Item>
  )
}

/** What a social channel has promised, where operator and channel settled on other numbers or on quarters of them (CH-F2.10, R5). */
export function Allocation({ matter }: Props) {
  const { t, name } = useSpeech()
  const form = Form.useFormInstance()
  const isNegotiated = Form.useWatch<boolean>('is_negotiated', form)
  const { filed } = bodyOf(matter)
  if (filed?.class !== 'social') return null
  const promised = filed.commitment
  const count = (field: 'issuance' | 'usage' | 'monthly_active') => (
    <Form.Item
      name={['commitment', field]}
      label={name('application', `two.committed_${field}`)}
      initialValue={promised?.[field] ?? undefined}
      rules={field === 'monthly_active' ? [{ required: true, message: t('field.required') }] : []}
    >
      <InputNumber min={1} precision={0} />
    </Form.Item>
  )
  return (
    <>
      <Form.Item name="is_negotiated" valuePropName="checked" initialValue={false} extra={t('application.negotiated_hint')}>
        <Checkbox>
          {t('application.negotiated')} <Clause ids="CH-F2.10" />
        </Checkbox>
      </Form.Item>
      {isNegotiated && (
        <>
          <div className="form-grid">
            {count('issuance')}
            {count('usage')}
            {count('monthly_active')}
          </div>
          <div className="form-grid" role="group" aria-label={t('application.quarterly')}>
            {[1, 2, 3, 4].map((quarter) => (
              <Form.Item key={quarter} name={['commitment', 'quarterly', quarter - 1]} label={t('application.quarter', { n: quarter })}>
                <InputNumber min={0} precision={0} />
              </Form.Item>
            ))}
          </div>
        </>
      )}
    </>
  )
}

/** What the platform takes of it: nothing where nothing was settled, and quarters only when there are four. */
export function allocationOf({ is_negotiated, commitment, ...rest }: Answer): Answer {
  if (!is_negotiated || typeof commitment !== 'object' || !commitment) return rest
  const { quarterly, ...promised } = commitment as { quarterly?: (number | null | undefined)[] }
  const quarters = (quarterly ?? []).filter((one) => typeof one === 'number')
  const told = Object.fromEntries(Object.entries(promised).filter(([, value]) => value !== null && value !== undefined))
  return { ...rest, commitment: quarters.length > 0 ? { ...told, quarterly: quarters } : told }
}

/** Every step of both recordings, seen by whoever watched them (CH-F3.5). */
export function RecordingsSeen({ matter }: Props) {
  const { t, name } = useSpeech()
  const all = STEPS.flatMap((step) => SYSTEMS.map((system) => ({ system, step })))
  const isComplete = (_: unknown, value: string[] | undefined) =>
    value?.length === all.length ? Promise.resolve() : Promise.reject(new Error(t('application.seen_all')))
  return (
    <>
      <Films matter_id={matter.matter_id} marks={bodyOf(matter).formal?.marks ?? []} />
      <Form.Item name="seen" label={t('application.seen')} rules={[{ validator: isComplete }]}>
        <Checkbox.Group
          className="seen"
          options={all.map(({ system, step }) => ({
            value: `${system} ${step}`,
            label: `${name('system', system)} · ${name('step', step)}`,
          }))}
        />
      </Form.Item>
    </>
  )
}

/** The checked boxes as the platform takes them. */
export function seenOf(values: Record<string, unknown>): Record<string, unknown> {
  const seen = (values.seen as string[] | undefined)?.map((text) => {
    const [system, step] = text.split(' ')
    return { system, step }
  })
  return { ...values, seen }
}
