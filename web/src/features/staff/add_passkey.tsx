// Adding a passkey: a name and the password, the device's own question, and recovery codes with the first factor.

import { Button, Form, Input } from 'antd'
import { useState } from 'react'
import { api, ask } from '../../api/client'
import { useSignIn } from '../../app/session'
import { useSpeech } from '../../i18n'
import { useAttempt } from '../../parts/attempt'
import { inWords, makePasskey } from '../../parts/passkey'
import { Failure } from '../../parts/states'
import { RecoveryCodes } from './enrol'

interface Values {
  name: string
  password: string
}

export function AddPasskey({ whenDone }: { whenDone?: () => void }) {
  const speaker = useSpeech()
  const { t } = speaker
  const { refresh } = useSignIn()
  const [codes, setCodes] = useState<string[] | null>(null)
  const { attempt, error, isBusy } = useAttempt((refused) => inWords(refused, speaker))
  const done = async () => {
    await refresh()
    whenDone?.()
  }
  const submit = ({ name, password }: Values) =>
    attempt(async () => {
      const begun = await ask(api.POST('/api/v1/staff/passkeys/begin', { body: { password } }))
      const made = await makePasskey(begun, t('app.name'))
      const { recovery_codes } = await ask(api.POST('/api/v1/staff/passkeys', { body: { name: name.trim(), ...made } }))
      if (recovery_codes.length > 0) setCodes(recovery_codes)
      else await done()
    })
  if (codes) return <RecoveryCodes codes={codes} done={() => void done()} />
  const required = { required: true, whitespace: true, message: t('field.required') }
  return (
    <Form<Values> layout="vertical" requiredMark={false} onFinish={(values) => void submit(values)}>
      <p className="gap-below">{t('passkey.lead')}</p>
      {error !== null && (
        <div className="gap-below">
          <Failure error={error} />
        </div>
      )}
      <Form.Item name="name" label={t('passkey.name')} extra={t('passkey.name_hint')} rules={[required]}>
        <Input size="large" autoFocus autoComplete="off" maxLength={40} />
      </Form.Item>
      <Form.Item name="password" label={t('password.current')} rules={[required]}>
        <Input.Password size="large" autoComplete="current-password" maxLength={256} />
      </Form.Item>
      <Button type="primary" htmlType="submit" size="large" block loading={isBusy}>
        {t('passkey.make')}
      </Button>
    </Form>
  )
}
