// Signing in, and replacing the one-time password before anything else.

import { Alert, Button, Form, Input } from 'antd'
import { useEffect, useState } from 'react'
import { Navigate, useLocation } from 'react-router'
import { Mark } from '../../app/frame'
import { Preferences } from '../../app/preferences_menu'
import { useSignIn } from '../../app/session'
import { isSandbox } from '../../app/world'
import { useSpeech } from '../../i18n'
import { Failure } from '../../parts/states'
import { PasswordForm } from './password_form'

export function Component() {
  const { t } = useSpeech()
  const { session } = useSignIn()
  const { state } = useLocation()
  const mustChange = session?.staff.must_change_password === true
  const title = mustChange ? t('password.title') : t('sign_in.title')
  useEffect(() => {
    document.title = `${title} · ${t('app.name')}`
  }, [title, t])
  if (session && !mustChange) return <Navigate to={from(state)} replace />
  return (
    <div className="sign-in">
      <header className="sign-in-head">
        <span className="brand">
          <Mark />
          <span className="brand-name">{t('app.name')}</span>
          <span className="brand-console">{t('app.full')}</span>
        </span>
        <span className="header-space" />
        <Preferences />
      </header>
      <main className="sign-in-main">
        <section className="sign-in-card" aria-labelledby="title">
          <h1 id="title">{title}</h1>
          {mustChange ? (
            <>
              <Alert type="info" showIcon title={t('password.first')} className="gap-below" />
              <PasswordForm login={session.staff.login} />
            </>
          ) : (
            <SignIn />
          )}
          <p className="quiet duty">{t('sign_in.duty')}</p>
        </section>
        <aside className="sign-in-side">
          <p className="sign-in-lead">{t('sign_in.lead')}</p>
          {isSandbox && <p className="tone-warn note">{`${t('app.sandbox')}：${t('app.sandbox_hint')}`}</p>}
        </aside>
      </main>
    </div>
  )
}

/** Where the visitor wanted to go; only an address of these pages. */
function from(state: unknown): string {
  const wanted = (state as { from?: unknown } | null)?.from
  return typeof wanted === 'string' && wanted.startsWith('/') && !wanted.startsWith('//') ? wanted : '/'
}

interface Fields {
  login: string
  password: string
}

function SignIn() {
  const { t } = useSpeech()
  const { signIn, hasEnded } = useSignIn()
  const [error, setError] = useState<unknown>(null)
  const [isBusy, setBusy] = useState(false)
  const submit = async ({ login, password }: Fields) => {
    setBusy(true)
    setError(null)
    try {
      await signIn(login.trim(), password)
    } catch (refused) {
      setError(refused)
    } finally {
      setBusy(false)
    }
  }
  const required = { required: true, message: t('field.required') }
  return (
    <Form<Fields> layout="vertical" requiredMark={false} onFinish={(fields) => void submit(fields)}>
      {hasEnded && !error && <Alert type="warning" showIcon title={t('sign_in.ended')} className="gap-below" />}
      {error !== null && (
        <div className="gap-below">
          <Failure error={error} />
        </div>
      )}
      <Form.Item name="login" label={t('sign_in.login')} rules={[required]}>
        <Input size="large" autoComplete="username" autoCapitalize="none" spellCheck={false} autoFocus maxLength={64} />
      </Form.Item>
      <Form.Item name="password" label={t('sign_in.password')} rules={[required]}>
        <Input.Password size="large" autoComplete="current-password" maxLength={256} />
      </Form.Item>
      <Button type="primary" htmlType="submit" size="large" block loading={isBusy}>
        {t('sign_in.submit')}
      </Button>
    </Form>
  )
}
