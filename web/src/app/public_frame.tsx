// What surrounds a page that nobody has to sign in for.

import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { useSpeech } from '../i18n'
import { Mark } from './frame'
import { Preferences } from './preferences_menu'

export function PublicFrame({ children }: { children: ReactNode }) {
  const { t } = useSpeech()
  return (
    <div className="public">
      <a className="skip" href="#content">
        {t('app.skip')}
      </a>
      <header className="header">
        <span className="brand">
          <Mark />
          <span className="brand-name">{t('app.name')}</span>
          <span className="brand-console">{t('app.full')}</span>
        </span>
        <span className="header-space" />
        <Preferences />
        <Link to="/sign-in">{t('sign_in.title')}</Link>
      </header>
      <main id="content" tabIndex={-1} className="content">
        {children}
      </main>
    </div>
  )
}
