// The forms that open a matter and are no mere list of fields. Names of form items are those of the opening's fields, below `opening`.

import { Checkbox, Form, Input } from 'antd'
import { useSpeech } from '../../i18n'
import { Choice, Line, Moment, useRules, Words } from './opening_items'

export function Suggestion() {
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
export function Maintenance() {
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

/** Whom to ask from now on: told and not asked for (CH-16.3). */
export function Contact() {
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
export function SigningKey() {
  return <p>{useSpeech().t('signing_key.lead')}</p>
}
