// Asks who is there before something that cannot be undone: a code of the second factor, or the password of an account
// without one. The request that needed it then goes on by itself.

import { Form, Input } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { api, ask, onStepUp } from '../api/client'
import { useSpeech } from '../i18n'
import { Dialog } from '../parts/dialog'
import { Failure } from '../parts/states'
import { useSignIn } from './session'

export function StepUp() {
  const { t } = useSpeech()
  const { portal } = useSignIn()
  const [form] = Form.useForm<{ proof: string }>()
  const [isOpen, setOpen] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const settle = useRef<(given: boolean) => void>(() => undefined)
  const kind = portal?.has_factor ? 'code' : 'password'
  useEffect(() => {
    onStepUp(() => {
      setError(null)
      setOpen(true)
      return new Promise((resolve) => {
        settle.current = resolve
      })
    })
    return () => onStepUp(async () => false)
  }, [])
  const end = (given: boolean) => {
    setOpen(false)
    form.resetFields()
    settle.current(given)
  }
  const submit = async ({ proof }: { proof: string }) => {
    setBusy(true)
    setError(null)
    try {
      await ask(api.POST('/api/v1/staff/sessions/current/step-up', { body: { [kind]: proof.trim() } }))
      end(true)
    } catch (refused) {
      setError(refused)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Dialog
      open={isOpen}
      title={t('step_up.title')}
      okText={t('action.confirm')}
      okButtonProps={{ loading: isBusy, htmlType: 'submit', form: 'step-up' }}
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
        <Form.Item
          name="proof"
          label={t(kind === 'code' ? 'factor.code' : 'sign_in.password')}
          rules={[{ required: true, message: t('field.required') }]}
        >
          {kind === 'code' ? (
            <Input autoFocus inputMode="numeric" autoComplete="one-time-code" maxLength={32} />
          ) : (
            <Input.Password autoFocus autoComplete="current-password" maxLength={256} />
          )}
        </Form.Item>
      </Form>
    </Dialog>
  )
}
