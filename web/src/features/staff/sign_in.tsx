// Signing in, and what an account must do before anything else: replace the one-time password, enrol a second factor. The factor is asked for when
// the password was right.

import { Alert, Button, Form, Input } from 'antd'
import { useEffect, useState } from 'react'
import { Link, Navigate, useLocation } from 'react-router'
import { api, ask, Refused } from '../../api/client'
import { Mark } from '../../app/frame'
import { Preferences } from '../../app/preferences_menu'
import { type Credentials, isIncomplete, useSignIn } from '../../app/session'
import { isSandbox } from '../../app/world'
import type { Key } from '../../i18n'
import { useSpeech } from '../../i18n'
import { inWords } from '../../parts/passkey'
import { Failure, Loading } from '../../parts/states'
import { useFactor } from '../../parts/use_factor'
import { EnrolEither } from './enrol_either'
import { PasswordForm } from './password_form'

export function Component() {
  const { t, about } = useSpeech()
  const { portal, isLoading } = useSignIn()
  const { state } = useLocation()
  const step: Key = portal?.staff.must_change_password ? 'password.title' : portal ? 'factor.set_up' : 'sign_in.title'
  const title = t(step)
  useEffect(() => {
    document.title = `${title} · ${t('app.name')}`
  }, [title, t])
  if (isLoading) return <Loading />
  if (portal && !isIncomplete(portal)) return <Navigate to={from(state)} replace />
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
          {!portal && <SignIn />}
          {step === 'password.title' && portal && (
            <>
              <Alert type="info" showIcon title={t('password.first')} className="gap-below" />
              <PasswordForm login={portal.staff.login} />
            </>
          )}
          {step === 'factor.set_up' && <EnrolEither />}
          <p className="quiet duty">{t('sign_in.duty')}</p>
        </section>
        <aside className="sign-in-side">
          <p className="sign-in-lead">{t('sign_in.lead')}</p>
          {isSandbox && <p className="tone-warn note">{about(t('app.sandbox'), t('app.sandbox_hint'))}</p>}
          <p>
            <Link to="/register">{t('sign_in.register')}</Link>
          </p>
          <p>
            <Link to="/directory">{t('sign_in.public')}</Link>
          </p>
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

type Fields = Pick<Credentials, 'login' | 'password' | 'code'>

function SignIn() {
  const speaker = useSpeech()
  const { t } = speaker
  const { signIn, ended } = useSignIn()
  const [form] = Form.useForm<Fields>()
  const [error, setError] = useState<unknown>(null)
  const [isBusy, setBusy] = useState(false)
  const known = () => {
    const { login, password } = form.getFieldsValue()
    return { login: login.trim(), password }
  }
  const factor = useFactor(() => ask(api.POST('/api/v1/staff/sessions/challenge', { body: known() })))
  const submit = async ({ code }: Fields) => {
    setBusy(true)
    setError(null)
    try {
      if (factor.way === 'passkey') await signIn({ ...known(), passkey: await factor.show() })
      else await signIn({ ...known(), code: code?.trim() || undefined })
    } catch (refused) {
      const isAsked = refused instanceof Refused && refused.problem.code === 'staff.code_required'
      if (isAsked) await factor.ask().catch(setError)
      else setError(inWords(refused, speaker))
    } finally {
      setBusy(false)
    }
  }
  const required = { required: true, message: t('field.required') }
  return (
    <Form<Fields>
      form={form}
      layout="vertical"
      requiredMark={false}
      onValuesChange={(changed) => !('code' in changed) && factor.forget()}
      onFinish={(fields) => void submit(fields)}
    >
      {ended && !error && !factor.way && (
        <Alert type="warning" showIcon role="alert" title={ended.words ?? t('sign_in.ended')} className="gap-below" />
      )}
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
      {factor.elsewhere && (
        <Alert type="info" showIcon title={t('passkey.only_elsewhere', { name: factor.elsewhere })} className="gap-below" />
      )}
      {factor.way === 'code' && (
        <Form.Item name="code" label={t('factor.code')} extra={t('factor.code_hint')} rules={[required]}>
          <Input size="large" autoFocus inputMode="numeric" autoComplete="one-time-code" maxLength={32} />
        </Form.Item>
      )}
      {factor.way === 'passkey' && (
        <p className="gap-below" role="status">
          {t('passkey.asked')}
        </p>
      )}
      <Button type="primary" htmlType="submit" size="large" block loading={isBusy}>
        {t(factor.way === 'passkey' ? 'passkey.show' : 'sign_in.submit')}
      </Button>
      {factor.hasOther && (
        <Button type="link" block className="gap-above" onClick={factor.turn}>
          {t(factor.way === 'passkey' ? 'passkey.show_code' : 'passkey.show')}
        </Button>
      )}
    </Form>
  )
}
