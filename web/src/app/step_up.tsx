// Asks who is there before something that cannot be undone: a passkey or a code as the second factor, or the password of an
// account without one. The request that needed it then goes on by itself.

import { Button, Form, Input } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { api, ask, onStepUp } from '../api/client'
import { useSpeech } from '../i18n'
import { Dialog } from '../parts/dialog'
import { inWords } from '../parts/passkey'
import { Failure, Loading } from '../parts/states'
import { useFactor } from '../parts/use_factor'
import { useSignIn } from './session'

export function StepUp() {
  const speaker = useSpeech()
  const { t } = speaker
  const { portal } = useSignIn()
  const [form] = Form.useForm<{ proof: string }>()
  const [isOpen, setOpen] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const settle = useRef<(given: boolean) => void>(() => undefined)
  const factor = useFactor(() => ask(api.POST('/api/v1/staff/sessions/current/step-up/challenge')))
  const hasFactor = portal?.has_factor ?? false
  const kind = hasFactor ? factor.way : 'password'
  const question = useRef<() => unknown>(() => undefined)
  useEffect(() => {
    question.current = () => hasFactor && factor.ask().catch(setError)
  })
  useEffect(() => {
    onStepUp(() => {
      setError(null)
      setOpen(true)
      void question.current()
      return new Promise((resolve) => {
        settle.current = resolve
      })
    })
    return () => onStepUp(async () => false)
  }, [])
  const end = (given: boolean) => {
    setOpen(false)
    form.resetFields()
    factor.forget()
    settle.current(given)
  }
  const submit = async ({ proof }: { proof: string }) => {
    setBusy(true)
    setError(null)
    try {
      const body = kind === 'passkey' ? { passkey: await factor.show() } : { [kind ?? 'code']: proof.trim() }
      await ask(api.POST('/api/v1/staff/sessions/current/step-up', { body }))
      end(true)
    } catch (refused) {
      setError(inWords(refused, speaker))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Dialog
      open={isOpen}
      title={t('step_up.title')}
      okText={t(kind === 'passkey' ? 'passkey.show' : 'action.confirm')}
      okButtonProps={{ loading: isBusy, disabled: !kind, htmlType: 'submit', form: 'step-up' }}
      cancelText={t('action.cancel')}
      mask={{ closable: false }}
      onCancel={() => end(false)}
      zIndex={1100}
      destroyOnHidden
    >
      <Form form={form} id="step-up" layout="vertical" requiredMark={false} onFinish={(values) => void submit(values)}>
        <p className="gap-below">{t('step_up.lead')}</p>
        {error !== null && (
          <div className="gap-below">
            <Failure error={error} />
          </div>
        )}
        {!kind && error === null && <Loading />}
        {factor.elsewhere && <p className="gap-below">{t('passkey.only_elsewhere', { name: factor.elsewhere })}</p>}
        {(kind === 'code' || kind === 'password') && (
          <Form.Item
            name="proof"
            label={t(kind === 'code' ? 'factor.code' : 'sign_in.password')}
            extra={kind === 'code' ? t('factor.code_hint') : undefined}
            rules={[{ required: true, message: t('field.required') }]}
          >
            {kind === 'code' ? (
              <Input autoFocus inputMode="numeric" autoComplete="one-time-code" maxLength={32} />
            ) : (
              <Input.Password autoFocus autoComplete="current-password" maxLength={256} />
            )}
          </Form.Item>
        )}
        {factor.hasOther && (
          <Button type="link" size="small" className="flush" onClick={factor.turn}>
            {t(kind === 'passkey' ? 'passkey.show_code' : 'passkey.show')}
          </Button>
        )}
      </Form>
    </Dialog>
  )
}
