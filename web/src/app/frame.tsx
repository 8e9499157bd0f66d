// What surrounds every page of staff: who they are and for where, the menu of what they may do, and the page itself.

import { CaretDownOutlined, MenuOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { type ReactNode, Suspense, useEffect, useRef, useState } from 'react'
import { Link, Navigate, NavLink, Outlet, useLocation, useNavigate } from 'react-router'
import { useSpeech } from '../i18n'
import { countOf } from '../parts/draft'
import { MenuButton } from '../parts/menu_button'
import { Failure, Loading } from '../parts/states'
import { useConfirmLoss } from '../parts/use_draft'
import { StandIn } from '../features/delegation/stand_in'
import { useUnread, useWaiting } from '../features/matter/waiting'
import { useRegistrationsWaiting } from '../features/registration/waiting'
import { Arrival } from './arrival'
import { useDivisions } from './divisions'
import { Idle } from './idle'
import { MENU, mayOpen } from './menu'
import { News, openNews } from './news_dialog'
import { Preferences } from './preferences_menu'
import { type Session, consoleOf, isIncomplete, useHolds, useSession, useSignIn } from './session'
import { openShortcuts, Shortcuts } from './shortcuts_list'
import { SandboxClock } from './sandbox_clock'
import { StepUp } from './step_up'
import { Watermark } from './watermark'
import { isSandbox } from './world'

export function Frame() {
  return (
    <Guarded>
      <Framed />
    </Guarded>
  )
}

/** What only somebody who is signed in sees. */
export function Guarded({ children }: { children: ReactNode }) {
  const { portal, session, isLoading, failure, refresh } = useSignIn()
  const location = useLocation()
  if (isLoading) return <Loading />
  if (failure) {
    return (
      <main className="lonely">
        <Failure error={failure} retry={() => void refresh()} />
      </main>
    )
  }
  if (!portal || !session || isIncomplete(portal)) {
    const from = `${location.pathname}${location.search}`
    return <Navigate to="/sign-in" replace state={{ from: from === '/' ? undefined : from }} />
  }
  return children
}

function Framed() {
  const { t } = useSpeech()
  const main = useRef<HTMLElement>(null)
  const { pathname } = useLocation()
  const [isOpen, setOpen] = useState(false)
  const first = useRef(true)
  useEffect(() => {
    setOpen(false)
    // A reader of the page begins at the new content, not in the menu.
    if (!first.current) main.current?.focus()
    first.current = false
  }, [pathname])
  return (
    <div className="frame">
      <a className="skip" href="#content">
        {t('app.skip')}
      </a>
      <Header isOpen={isOpen} toggle={() => setOpen(!isOpen)} />
      <Menu isOpen={isOpen} />
      <StepUp />
      <Idle />
      <Shortcuts />
      <News />
      <main id="content" ref={main} tabIndex={-1} className="content">
        <Arrival />
        <Suspense fallback={<Loading />}>
          <Outlet />
        </Suspense>
      </main>
      <Watermark />
    </div>
  )
}

function Header({ isOpen, toggle }: { isOpen: boolean; toggle: () => void }) {
  const { t } = useSpeech()
  const session = useSession()
  return (
    <header className="header">
      <Button
        className="burger"
        type="text"
        icon={<MenuOutlined />}
        aria-label={t('app.menu')}
        aria-expanded={isOpen}
        aria-controls="menu"
        onClick={toggle}
      />
      <Link to="/" className="brand">
        <Mark />
        <span className="brand-name">{t('app.name')}</span>
        <span className="brand-console">{t(`console.${consoleOf(session.staff.role)}`)}</span>
      </Link>
      {isSandbox && <SandboxClock />}
      <span className="header-space" />
      <StandIn />
      <Scope session={session} />
      <Preferences />
      <Account />
    </header>
  )
}

/** Where this account may act and as what, such as 浙江省 · 省级审核员. */
function Scope({ session }: { session: Session }) {
  const { t, name } = useSpeech()
  const divisions = useDivisions()
  const { kind, division, name: org } = session.org
  const isRegion = kind === 'province' || kind === 'prefecture'
  const isOwn = kind === 'channel_owner' || kind === 'department' || kind === 'lab'
  const where = isOwn ? org : divisions.name(division)
  const role = `${isRegion ? t(`tier.${kind}`) : ''}${name('role', session.staff.role)}`
  return (
    <span className="scope" title={org} data-testid="scope">
      {where} <span aria-hidden="true">·</span> {role}
    </span>
  )
}

function Account() {
  const { t } = useSpeech()
  const { signOut } = useSignIn()
  const navigate = useNavigate()
  const { login, staff_id } = useSession().staff
  const confirmLoss = useConfirmLoss()
  const items = [
    { key: 'security', label: t('account.security') },
    { key: 'password', label: t('account.password') },
    { key: 'keys', label: t('keys.title') },
    { key: 'news', label: t('news.title') },
    { key: 'sign_out', label: t('account.sign_out') },
  ]
  const leave = async () => {
    if (!(await confirmLoss(countOf(sessionStorage, staff_id)))) return
    await signOut()
    void navigate('/sign-in')
  }
  const act = (key: string) => {
    if (key === 'sign_out') void leave()
    else if (key === 'keys') openShortcuts()
    else if (key === 'news') openNews()
    else navigate(`/${key}`)
  }
  return (
    <MenuButton items={items} choose={act} type="text" aria-label={t('account.menu', { login })}>
      <span className="login">{login}</span>
      <CaretDownOutlined />
    </MenuButton>
  )
}

function Menu({ isOpen }: { isOpen: boolean }) {
  const { t } = useSpeech()
  const holds = useHolds()
  const counts = { waiting: useWaiting(), registrations: useRegistrationsWaiting(), unread: useUnread() }
  const sections = MENU.map((section) => ({ ...section, items: section.items.filter((item) => mayOpen(item, holds)) }))
  return (
    <nav id="menu" className="menu" aria-label={t('app.menu')} data-open={isOpen}>
      <div className="menu-inside">
        {sections
          .filter((section) => section.items.length > 0)
          .map((section) => (
            <div key={section.label} className="menu-section">
              <p className="menu-label" id={section.label}>
                {t(section.label)}
              </p>
              <ul aria-labelledby={section.label}>
                {section.items.map((item) => (
                  <li key={item.path}>
                    <NavLink to={`/${item.path}`} end={item.path === ''}>
                      <span>{t(item.label)}</span>
                      {item.badge && <Badge count={counts[item.badge]} label={item.badge === 'unread' ? 'app.unread' : 'app.waiting'} />}
                    </NavLink>
                  </li>
                ))}
              </ul>
            </div>
          ))}
      </div>
    </nav>
  )
}

function Badge({ count, label }: { count: number; label: 'app.unread' | 'app.waiting' }) {
  const { t } = useSpeech()
  if (count === 0) return null
  return (
    <span className="badge" aria-label={t(label, { n: count })}>
      {count > 99 ? '99+' : count}
    </span>
  )
}

/** The sign of the product: a card. */
export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="var(--brand)" />
      <rect x="6" y="9" width="20" height="14" rx="2.5" fill="none" stroke="#fff" strokeWidth="2" />
      <path d="M6 13.5h20" stroke="#fff" strokeWidth="2.4" />
      <path d="M10 18.7h5" stroke="#fff" strokeWidth="2" strokeLinecap="round" />
    </svg>
  )
}
