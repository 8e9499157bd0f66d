// What a page shows when it has nothing to show: it is loading, it failed, there is nothing, it does not exist.

import { Alert, Button, Empty, Spin } from 'antd'
import type { ReactNode } from 'react'
import { Link, useRouteError } from 'react-router'
import { Refused } from '../api/client'
import { useSpeech } from '../i18n'
import { Clause } from './clause'
import { Page } from './page'

export function Loading() {
  const { t } = useSpeech()
  return (
    <div className="loading" role="status">
      <Spin />
      <span>{t('list.loading')}</span>
    </div>
  )
}

/** Why something did not work, in the platform's own words, with the clause and the request to quote. */
export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useSpeech()
  const problem = error instanceof Refused ? error.problem : null
  const title = problem?.status === 0 ? t('failure.network') : (problem?.title ?? t('failure.title'))
  const fields = problem?.errors ?? []
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      title={title}
      action={
        retry && (
          <Button size="small" onClick={retry}>
            {t('action.retry')}
          </Button>
        )
      }
      description={
        <>
          {problem?.detail && <p>{problem.detail}</p>}
          {fields.length > 0 && (
            <ul className="field-errors">
              {fields.map((field) => (
                <li key={field.pointer + field.code}>
                  <code>{field.pointer}</code> {field.message}
                </li>
              ))}
            </ul>
          )}
          <p className="quiet">
            {problem?.clause && (
              <span>
                {t('failure.clause')} <Clause ids={problem.clause} />{' '}
              </span>
            )}
            {problem?.code && <code>{problem.code}</code>}{' '}
            {problem?.request_id && <span>{t('failure.request', { id: problem.request_id })}</span>}
          </p>
        </>
      }
    />
  )
}

export function Nothing({ text, children }: { text?: string; children?: ReactNode }) {
  const { t } = useSpeech()
  return (
    <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={text ?? t('list.empty')}>
      {children}
    </Empty>
  )
}

export function NotFound() {
  const { t } = useSpeech()
  return (
    <Page title={t('app.not_found')} lead={t('app.not_found_hint')}>
      <p>
        <Link to="/">{t('app.home')}</Link>
      </p>
    </Page>
  )
}

/** A page that threw: a mistake of ours, or a chunk of an older build. */
export function Broken() {
  const { t } = useSpeech()
  const error = useRouteError()
  return (
    <main className="lonely">
      <h1>{t('app.broken')}</h1>
      <Failure error={error} retry={() => window.location.reload()} />
      <pre className="quiet">{error instanceof Error ? error.message : String(error)}</pre>
    </main>
  )
}
