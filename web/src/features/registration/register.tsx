// 单位注册: a company that runs channels files who it is, and asks how its registration stands. Nobody is signed in here, so
// the page knows nothing and tells nothing of which companies there are.

import { CopyOutlined } from '@ant-design/icons'
import { Alert, Button, Form, Input, Select } from 'antd'
import { useState } from 'react'
import { api, ask, type Schemas } from '../../api/client'
import { PublicFrame } from '../../app/public_frame'
import { useToday } from '../../app/today'
import { useSpeech } from '../../i18n'
import { useAttempt } from '../../parts/attempt'
import { DivisionSelect } from '../../parts/choose'
import { useCopy } from '../../parts/copy'
import { forgive, pointOut } from '../../parts/form_dialog'
import { dayText, momentText } from '../../parts/moment'
import { Facts, Page, Panel } from '../../parts/page'
import { Failure } from '../../parts/states'
import { StatusTag } from '../../parts/status_tag'
import { useDraft } from '../../parts/use_draft'
import { isFull } from '../application/conditions'
import { CompanyItems } from '../company/company_items'
import { UsccItem } from '../org/uscc_item'
import { readReceipt, written } from './receipt'

type Filing = Schemas['FileRegistration']
type Filed = Schemas['RegistrationFiled']

/** Whole years that a company of a social channel has been registered (CH-F2.3); the application is judged by the platform's number. */
const YEARS = 1

const CLASSES: Schemas['ChannelClass'][] = ['hrss', 'government', 'national_signed', 'bank', 'medical', 'social']

export function Component() {
  const { t } = useSpeech()
  const [filed, setFiled] = useState<Filed | null>(null)
  return (
    <PublicFrame>
      <Page title={t('register.title')} lead={t('register.lead')}>
        <div className="columns">
          <div className="panels">{filed ? <Kept filed={filed} /> : <Filing whenFiled={setFiled} />}</div>
          <div className="panels">
            <Panel title={t('register.steps')}>
              <ol className="sign-steps">
                <li>{t('register.step_file')}</li>
                <li>{t('register.step_confirm')}</li>
                <li>{t('register.step_open')}</li>
                <li>{t('register.step_apply')}</li>
              </ol>
            </Panel>
            <Standing />
          </div>
        </div>
      </Page>
    </PublicFrame>
  )
}

function Filing({ whenFiled }: { whenFiled: (filed: Filed) => void }) {
  const { t, name } = useSpeech()
  const [form] = Form.useForm<Filing>()
  const { attempt, error, isBusy } = useAttempt((refused) => pointOut(form, refused))
  const draft = useDraft(form, 'registration', { isPage: true })
  const forgiven = forgive(form)
  const chosen = Form.useWatch('class', form)
  const registered = Form.useWatch('registered_on', form)
  const required = { required: true, whitespace: true, message: t('field.required') }
  const file = (body: Filing) =>
    attempt(async () => {
      const filed = await ask(api.POST('/api/v1/registrations', { body }))
      draft.sent()
      whenFiled(filed)
    })
  return (
    <Panel title={t('register.company')}>
      <Form<Filing>
        form={form}
        layout="vertical"
        scrollToFirstError={{ focus: true }}
        onValuesChange={(changed) => {
          forgiven(changed)
          draft.note(changed)
        }}
        onFinish={(body) => void file(body)}
      >
        {draft.told}
        <div className="form-grid pairs">
          <Form.Item name="name" label={t('org.name')} rules={[required]} extra={t('register.name_hint')}>
            <Input maxLength={200} autoComplete="organization" />
          </Form.Item>
          <UsccItem name="uscc" isRequired />
          <Form.Item name="division" label={t('register.division')} rules={[required]}>
            <DivisionSelect withNation={false} />
          </Form.Item>
          <CompanyItems />
          <Form.Item name="class" label={t('channel.class')} rules={[required]} extra={chosen ? <ClassAbout chosen={chosen} registered={registered} /> : t('register.class_hint')}>
            <Select options={CLASSES.map((one) => ({ value: one, label: name('class', one) }))} />
          </Form.Item>
        </div>
        <Form.Item name="words" label={t('register.words')} rules={[required]}>
          <Input.TextArea rows={3} maxLength={2000} showCount />
        </Form.Item>
        <fieldset className="form-grid">
          <legend>{t('register.contact')}</legend>
          <Form.Item name={['contact', 'name']} label={t('register.contact_name')} rules={[required]}>
            <Input maxLength={100} autoComplete="name" />
          </Form.Item>
          <Form.Item name={['contact', 'phone']} label={t('register.contact_phone')} rules={[required, { pattern: /^1[3-9]\d{9}$/, message: t('register.phone_shape') }]}>
            <Input maxLength={11} inputMode="tel" autoComplete="tel-national" />
          </Form.Item>
          <Form.Item name={['contact', 'email']} label={t('register.contact_email')} rules={[required, { type: 'email', message: t('register.email_shape') }]}>
            <Input maxLength={254} inputMode="email" autoComplete="email" />
          </Form.Item>
        </fieldset>
        {error !== null && (
          <div className="gap-below">
            <Failure error={error} />
          </div>
        )}
        <p className="quiet gap-below">{t('register.privacy')}</p>
        <Button type="primary" htmlType="submit" size="large" loading={isBusy}>
          {t('register.file')}
        </Button>
      </Form>
    </Panel>
  )
}

/** What the class entails, and whether the company is old enough for it by now. */
function ClassAbout({ chosen, registered }: { chosen: Schemas['ChannelClass']; registered: string | undefined }) {
  const { t, name } = useSpeech()
  const today = useToday()
  const isYoung = chosen === 'social' && Boolean(registered) && !isFull(registered ?? '', YEARS, today)
  return (
    <>
      {name('class_about', chosen)}
      {isYoung && <span className="tone-warn"> {t('register.young')}</span>}
    </>
  )
}

/** The receipt, shown once. */
function Kept({ filed }: { filed: Filed }) {
  const { t } = useSpeech()
  const copy = useCopy()
  const text = written(filed)
  return (
    <Panel title={t('register.filed')}>
      <Alert type="warning" showIcon role="status" title={t('register.keep')} className="gap-below" />
      <code className="secret gap-below" data-testid="receipt">
        {text}
      </code>
      <Button icon={<CopyOutlined aria-hidden />} onClick={() => void copy(text)}>
        {t('action.copy')}
      </Button>
      <p className="gap-above">{t('register.until', { day: dayText(filed.lapses_at) })}</p>
    </Panel>
  )
}

/** How a registration stands, to whoever holds its receipt. */
function Standing() {
  const { t } = useSpeech()
  const { attempt, error, isBusy } = useAttempt()
  const [status, setStatus] = useState<Schemas['RegistrationStatus'] | null>(null)
  const check = ({ text }: { text: string }) =>
    attempt(async () => {
      setStatus(null)
      const kept = readReceipt(text)
      if (!kept) return
      const asked = { params: { path: { registration_id: kept.registration_id } }, body: { receipt: kept.receipt } }
      setStatus(await ask(api.POST('/api/v1/registrations/{registration_id}/check', asked)))
    })
  const isReceipt = (_: unknown, text: string | undefined) =>
    readReceipt(text ?? '') ? Promise.resolve() : Promise.reject(new Error(t('register.receipt_shape')))
  return (
    <Panel title={t('register.standing')}>
      <Form layout="vertical" requiredMark={false} onFinish={(fields: { text: string }) => void check(fields)}>
        <Form.Item name="text" label={t('register.receipt')} rules={[{ validator: isReceipt }]} validateTrigger="onSubmit">
          <Input.TextArea rows={2} maxLength={200} autoComplete="off" spellCheck={false} />
        </Form.Item>
        <Button htmlType="submit" loading={isBusy}>
          {t('register.check')}
        </Button>
      </Form>
      <div role="status" className="gap-above">
        {error !== null && <Failure error={error} />}
        {status && (
          <Facts
            facts={[
              { label: t('list.state'), isWide: true, value: <StatusTag family="registration" state={status.state} tone={toneOf(status.state)} /> },
              { label: t('register.at'), value: momentText(status.filed_at) },
              { label: t('matter.changed'), value: momentText(status.changed_at) },
              Boolean(status.reason) && { label: t('register.reason'), isWide: true, value: status.reason },
              status.state === 'opened' && { label: t('register.next'), isWide: true, value: t('register.opened') },
            ]}
          />
        )}
      </div>
    </Panel>
  )
}

export function toneOf(state: Schemas['RegistrationState']): 'good' | 'warn' | 'bad' | 'note' | 'calm' {
  if (state === 'opened') return 'good'
  if (state === 'declined') return 'bad'
  return state === 'lapsed' ? 'calm' : 'note'
}
