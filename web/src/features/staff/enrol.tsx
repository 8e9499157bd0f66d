// Enrolling a second factor: prove the password, scan the secret, show the first code, keep the recovery codes.

import { Alert, Button, Form, Input, QRCode } from 'antd'
import { useState } from 'react'
import { api, ask, type Schemas } from '../../api/client'
import { useSignIn } from '../../app/session'
import { useSpeech } from '../../i18n'
import { useAttempt } from '../../parts/attempt'
import { Failure } from '../../parts/states'

type Begun = Schemas['FactorBegun']

export function Enrol({ whenDone }: { whenDone?: () => void }) {
  const { t } = useSpeech()
  const { refresh } = useSignIn()
  const [begun, setBegun] = useState<Begun | null>(null)
  const [codes, setCodes] = useState<string[] | null>(null)
  const { attempt, error, isBusy } = useAttempt()
  const begin = ({ password }: { password: string }) =>
    attempt(async () => setBegun(await ask(api.POST('/api/v1/staff/factor', { body: { password } }))))
  const confirm = ({ code }: { code: string }) =>
    attempt(async () => {
      const body = { code: code.trim() }
      setCodes((await ask(api.POST('/api/v1/staff/factor/confirm', { body }))).recovery_codes)
    })
  const done = async () => {
    await refresh()
    whenDone?.()
  }
  const required = { required: true, message: t('field.required') }
  if (codes) return <RecoveryCodes codes={codes} done={() => void done()} />
  return (
    <>
      {error !== null && (
        <div className="gap-below">
          <Failure error={error} />
        </div>
      )}
      {begun ? (
        <Form key="confirm" layout="vertical" requiredMark={false} onFinish={(fields: { code: string }) => void confirm(fields)}>
          <p className="gap-below">{t('factor.scan')}</p>
          <div className="factor-code" role="img" aria-label={t('factor.picture')}>
            <div aria-hidden>
              <QRCode type="svg" value={begun.uri} size={180} color="#000000" bgColor="#ffffff" />
            </div>
          </div>
          <p className="quiet">{t('factor.by_hand')}</p>
          <code className="secret gap-below">{begun.secret}</code>
          <Form.Item name="code" label={t('factor.first_code')} rules={[required]}>
            <Input size="large" autoFocus inputMode="numeric" autoComplete="one-time-code" maxLength={6} />
          </Form.Item>
          <Button type="primary" htmlType="submit" size="large" block loading={isBusy}>
            {t('action.confirm')}
          </Button>
        </Form>
      ) : (
        <Form key="begin" layout="vertical" requiredMark={false} onFinish={(fields: { password: string }) => void begin(fields)}>
          <Form.Item name="password" label={t('password.current')} rules={[required]}>
            <Input.Password size="large" autoComplete="current-password" maxLength={256} />
          </Form.Item>
          <Button type="primary" htmlType="submit" size="large" block loading={isBusy}>
            {t('factor.begin')}
          </Button>
        </Form>
      )}
    </>
  )
}

/** Ten codes that each work once, shown once. */
export function RecoveryCodes({ codes, done }: { codes: string[]; done: () => void }) {
  const { t } = useSpeech()
  return (
    <>
      <Alert type="warning" showIcon title={t('factor.recovery')} description={t('secret.once')} className="gap-below" />
      <code className="secret gap-below">
        {codes.map((code) => (
          <span key={code} className="secret-line">
            {code}
          </span>
        ))}
      </code>
      <Button type="primary" size="large" block onClick={done}>
        {t('secret.kept')}
      </Button>
    </>
  )
}
