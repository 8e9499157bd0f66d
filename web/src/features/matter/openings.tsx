// The forms that open matters. Names of form items are those of the opening's fields, below `opening`.

import { Checkbox, Form, Input, Select } from 'antd'
import type { ComponentType } from 'react'
import type { Schemas } from '../../api/client'
import { type Key, useSpeech } from '../../i18n'
import { lazily } from '../../parts/lazily'
import { type Asked, CAMPAIGN, FORCED_EXIT, KEY_CHANGE, KEY_ROTATION, ORDERED_TEST, OWN_TEST, RISK_EVENT, TICKET, VOLUNTARY_EXIT } from './asked'

export interface Opener {
  kind: string
  /** Who may open one; the platform checks it again. */
  roles: string[]
  /** It may be about no channel in particular. */
  isForNobody?: boolean
  /** Away from a channel's page it goes to many channels at once. */
  hasAudience?: boolean
  /** Whom it goes to may be narrowed by the age of their keys. */
  hasKeyAge?: boolean
  /** It is about one's own organisation and no channel. */
  isOfOrg?: boolean
  /** Begun on the page of the channel that it is about, or only elsewhere; without it anywhere. */
  where?: 'channel' | 'elsewhere'
  /** What the platform does not say of its kind as a whole: of which channels this one may be begun. */
  admits?: (channel: Schemas['ChannelView']) => boolean
  /** What it is called, where the name of its kind says too little. */
  label?: Key
  /** It has a page of its own instead of a dialog. */
  page?: (channel_id: string | undefined) => string
  Fields?: ComponentType<{ channel_id?: string }>
  /** What its dialog asks, when it is a mere list. */
  asked?: Asked[]
}

interface ItemProps {
  field: string
  label: string
  isOptional?: boolean
}

function useRules(isOptional: boolean) {
  const { t } = useSpeech()
  return isOptional ? [] : [{ required: true, whitespace: true, message: t('field.required') }]
}

function Line({ field, label, isOptional = false }: ItemProps) {
  return (
    <Form.Item name={['opening', field]} label={label} rules={useRules(isOptional)}>
      <Input maxLength={200} />
    </Form.Item>
  )
}

function Words({ field, label, isOptional = false }: ItemProps) {
  return (
    <Form.Item name={['opening', field]} label={label} rules={useRules(isOptional)}>
      <Input.TextArea rows={4} maxLength={2000} showCount />
    </Form.Item>
  )
}

/** A moment in Asia/Shanghai. */
function Moment({ field, label, isOptional = false }: ItemProps) {
  return (
    <Form.Item name={['opening', field]} label={label} rules={useRules(isOptional)}>
      <Input type="datetime-local" max="9999-12-31T23:59" />
    </Form.Item>
  )
}

function Day({ field, label, isOptional = false }: ItemProps) {
  return (
    <Form.Item name={['opening', field]} label={label} rules={useRules(isOptional)}>
      <Input type="date" max="9999-12-31" />
    </Form.Item>
  )
}

function Choice({ field, label, words }: ItemProps & { words: string[] }) {
  const { name } = useSpeech()
  return (
    <Form.Item name={['opening', field]} label={label} rules={useRules(false)}>
      <Select options={words.map((value) => ({ value, label: name(`word.${field}`, value) }))} />
    </Form.Item>
  )
}

function Suggestion() {
  const { t } = useSpeech()
  return (
    <>
      <Choice field="topic" label={t('open.topic')} words={['product', 'running', 'technical']} />
      <Line field="subject" label={t('open.subject')} />
      <Words field="words" label={t('open.words')} />
    </>
  )
}

/** 停机、暂停、恢复: filed before the fact, with the words that holders will read (CH-18). */
function Maintenance() {
  const { t } = useSpeech()
  return (
    <>
      <Choice field="topic" label={t('open.topic')} words={['maintenance', 'pause', 'resumption']} />
      <Line field="subject" label={t('open.subject')} />
      <Words field="words" label={t('open.words')} />
      <Words field="prompt" label={t('open.prompt')} />
      <div className="form-grid">
        <Moment field="starts_at" label={t('open.starts_at')} />
        <Moment field="ends_at" label={t('open.ends_at')} isOptional />
      </div>
      <Form.Item name={['opening', 'is_major']} valuePropName="checked">
        <Checkbox>{t('field.maintenance.is_major')}</Checkbox>
      </Form.Item>
    </>
  )
}

/** A notice to a channel, to be acknowledged; an upgrade has a day by which it must be done (CH-17). */
function Notice() {
  const { t } = useSpeech()
  const isUpgrade = Form.useWatch<unknown>(['opening', 'topic']) === 'upgrade'
  return (
    <>
      <Choice field="topic" label={t('open.topic')} words={['upgrade', 'maintenance', 'pause', 'resumption']} />
      {isUpgrade && <Choice field="nature" label={t('open.nature')} words={['functional', 'security']} />}
      <Line field="subject" label={t('open.subject')} />
      <Words field="words" label={t('open.words')} />
      <div className="form-grid">
        <Moment field="from" label={t('open.starts_at')} isOptional />
        <Moment field="until" label={t('open.ends_at')} isOptional />
        <Day field="acknowledge_by" label={t('open.acknowledge_by')} />
        {isUpgrade && <Day field="upgrade_by" label={t('open.upgrade_by')} />}
      </div>
    </>
  )
}

/** Whom to ask from now on: told and not asked for (CH-16.3). */
function Contact() {
  const { name } = useSpeech()
  const rules = useRules(false)
  return (
    <>
      <Form.Item name={['opening', 'purpose']} initialValue="contact" hidden>
        <Input />
      </Form.Item>
      {['name', 'phone', 'email'].map((field) => (
        <Form.Item key={field} name={['opening', 'forms', 'one', 'contact', field]} label={name('application', `contact.${field}`)} rules={rules}>
          <Input maxLength={254} />
        </Form.Item>
      ))}
    </>
  )
}

/** A signing key of the organisation: the platform makes the statement that is signed next. */
function Key() {
  return <p>{useSpeech().t('signing_key.lead')}</p>
}

const OWNER = ['channel_admin']
const OPERATOR = ['operator_admin', 'operator_clerk']

const MINISTRY = ['ministry_reviewer']

export const CHANGES_KEY: Opener = { kind: 'key_change', roles: OWNER, asked: KEY_CHANGE }

/** CH-15.1, CH-11.2: a change is of a live channel and begun by whoever begins its exit. */
const isChanged = ({ phase, opens }: Schemas['ChannelView']) => phase === 'live' && opens.includes('exit')

const OfferFields = lazily(async () => (await import('../agreement_template/take')).OfferFields)
const AmendmentFields = lazily(async () => (await import('../agreement_template/take')).AmendmentFields)

export const OPENERS: Opener[] = [
  { kind: 'application', roles: OWNER, where: 'elsewhere', page: () => '/applications/new' },
  { kind: 'application', roles: OWNER, where: 'channel', label: 'open.change', admits: isChanged, page: (channel_id) => `/applications/new?change=${channel_id}` },
  { kind: 'application', roles: OWNER, where: 'channel', label: 'open.contact', Fields: Contact },
  { kind: 'maintenance', roles: OWNER, Fields: Maintenance },
  { kind: 'campaign', roles: OWNER, asked: CAMPAIGN },
  { kind: 'security_report', roles: OWNER, asked: OWN_TEST },
  { kind: 'security_report', roles: OPERATOR, asked: ORDERED_TEST },
  { kind: 'risk_event', roles: [...OWNER, ...OPERATOR, ...MINISTRY], asked: RISK_EVENT },
  { kind: 'ticket', roles: OWNER, asked: TICKET },
  { kind: 'suggestion', roles: OWNER, Fields: Suggestion },
  { kind: 'signing_key', roles: OWNER, where: 'elsewhere', isOfOrg: true, Fields: Key },
  CHANGES_KEY,
  { kind: 'exit', roles: OWNER, asked: VOLUNTARY_EXIT },
  { kind: 'exit', roles: OPERATOR, asked: FORCED_EXIT },
  { kind: 'agreement', roles: OPERATOR, Fields: OfferFields },
  { kind: 'agreement', roles: OPERATOR, where: 'elsewhere', label: 'sending.amendment', hasAudience: true, Fields: AmendmentFields },
  { kind: 'notice', roles: OPERATOR, hasAudience: true, Fields: Notice },
  { kind: 'key_rotation', roles: OPERATOR, hasAudience: true, hasKeyAge: true, asked: KEY_ROTATION },
]
