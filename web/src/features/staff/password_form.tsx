import { App, Button, Form, Input } from 'antd'
import { api, ask } from '../../api/client'
import { useSignIn } from '../../app/session'
import { useSpeech } from '../../i18n'
import { useAttempt } from '../../parts/attempt'
import { Failure } from '../../parts/states'

interface Fields {
  current: string
  next: string
  again: string
}

/** Replaces one's own password; every other sign-in of the account ends. */
export function PasswordForm({ login, whenDone }: { login: string; whenDone?: () => void }) {
  const { t } = useSpeech()
  const { message } = App.useApp()
  const { refresh } = useSignIn()
  const { attempt, isBusy, error } = useAttempt()
  const submit = (fields: Fields) =>
    attempt(async () => {
      const body = { current_password: fields.current, new_password: fields.next }
      await ask(api.POST('/api/v1/staff/password', { body }))
      message.success(t('password.done'))
      await refresh()
      whenDone?.()
    })
  const required = { required: true, message: t('field.required') }
  const same = ({ getFieldValue }: { getFieldValue: (name: string) => unknown }) => ({
    validator: (_: unknown, value: string) =>
      !value || value === getFieldValue('next') ? Promise.resolve() : Promise.reject(new Error(t('password.differ'))),
  })
  return (
    <Form<Fields> layout="vertical" requiredMark={false} onFinish={(fields) => void submit(fields)}>
      {error !== null && (
        <div className="gap-below">
          <Failure error={error} />
        </div>
      )}
      <input type="text" value={login} autoComplete="username" readOnly hidden />
      <Form.Item name="current" label={t('password.current')} rules={[required]}>
        <Input.Password size="large" autoComplete="current-password" maxLength={256} />
      </Form.Item>
      <Form.Item
        name="next"
        label={t('password.new')}
        extra={t('password.rule')}
        rules={[required, { min: 12, message: t('password.length') }]}
      >
        <Input.Password size="large" autoComplete="new-password" maxLength={256} />
      </Form.Item>
      <Form.Item name="again" label={t('password.again')} dependencies={['next']} rules={[required, same]}>
        <Input.Password size="large" autoComplete="new-password" maxLength={256} />
      </Form.Item>
      <Button type="primary" htmlType="submit" size="large" block loading={isBusy}>
        {t('action.save')}
      </Button>
    </Form>
  )
}
