// The pictures of the country on a screen on a wall, 1920 by 1080, one pair after another. Whoever wants no motion, or stops
// it, turns the pages by hand. Nobody sits before a wall, so it does not ask whether anybody is there; whoever leaves it for
// the rest of the portal after the time of a sign-in has passed signs in again.

import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { type ReactNode, useEffect, useState } from 'react'
import { useNavigate } from 'react-router'
import { NATION } from '../../app/divisions'
import { Guarded, Mark } from '../../app/frame'
import { lastActive, secondsLeft } from '../../app/presence'
import { useHolds, useSession, useSignIn } from '../../app/session'
import { Watermark } from '../../app/watermark'
import { useSpeech } from '../../i18n'
import { momentText } from '../../parts/moment'
import { NotFound } from '../../parts/states'
import { UsersByArea } from '../statistic/users_by_area'
import { AgainstYearBefore, Classes, InService, Ranked } from './national'
import { step } from './turn'

/** How long a page stands. */
const PAGE_MS = 15_000
/** How often the figures are asked for again. */
const FRESH_MS = 300_000
const LOOK_MS = 1_000

const TREND: ReactNode[] = [<AgainstYearBefore key="issued" of="issued" />, <AgainstYearBefore key="active" of="active_users" />]
const PAGES: Record<'nation' | 'region', ReactNode[][]> = {
  nation: [TREND, [<UsersByArea key="users" />, <Ranked key="ranked" />], [<Classes key="classes" />, <InService key="service" />]],
  // The areas of a region are ranked bars already.
  region: [TREND, [<UsersByArea key="users" />, <Classes key="classes" />], [<InService key="service" />]],
}

export function Component() {
  return (
    <Guarded>
      <Wall />
    </Guarded>
  )
}

function still(): MediaQueryList {
  return window.matchMedia('(prefers-reduced-motion: reduce)')
}

function Wall() {
  const { t } = useSpeech()
  const holds = useHolds()
  const pages = PAGES[useSession().org.division === NATION ? 'nation' : 'region']
  const [at, setAt] = useState(0)
  const [isPaused, setPaused] = useState(() => still().matches)
  const client = useQueryClient()
  useEffect(() => {
    document.title = `${t('wall.title')} · ${t('app.name')}`
  }, [t])
  useEffect(() => {
    const query = still()
    const follow = () => query.matches && setPaused(true)
    query.addEventListener('change', follow)
    return () => query.removeEventListener('change', follow)
  }, [])
  useEffect(() => {
    if (isPaused) return
    const timer = setInterval(() => setAt((now) => step(now, 1, pages.length)), PAGE_MS)
    return () => clearInterval(timer)
  }, [isPaused, pages])
  useEffect(() => {
    const again = () => {
      for (const noun of ['statistic', 'directory']) void client.invalidateQueries({ queryKey: [noun] })
    }
    const timer = setInterval(again, FRESH_MS)
    return () => clearInterval(timer)
  }, [client])
  if (!holds('statistic.read')) return <NotFound />
  return (
    <div className="wall">
      <header className="wall-head">
        <Mark />
        <h1>{t('wall.title')}</h1>
        <Clock />
      </header>
      <main className="wall-pages" aria-live={isPaused ? 'polite' : 'off'}>
        {pages[at]}
      </main>
      <footer className="wall-foot">
        <span className="quiet">{t('wall.page', { n: at + 1, of: pages.length })}</span>
        <Button onClick={() => setAt(step(at, -1, pages.length))}>{t('wall.before')}</Button>
        <Button aria-pressed={isPaused} onClick={() => setPaused(!isPaused)}>
          {t(isPaused ? 'wall.resume' : 'wall.pause')}
        </Button>
        <Button onClick={() => setAt(step(at, 1, pages.length))}>{t('wall.next')}</Button>
        <Button onClick={() => void document.documentElement.requestFullscreen?.().catch(() => undefined)}>{t('wall.full')}</Button>
        <Leave />
      </footer>
      <Watermark />
    </div>
  )
}

function Clock() {
  const { org } = useSession()
  const { now } = useSignIn()
  const [shown, setShown] = useState(now)
  useEffect(() => {
    const timer = setInterval(() => setShown(now()), LOOK_MS)
    return () => clearInterval(timer)
  }, [now])
  return (
    <p className="wall-clock">
      {org.name} · <time>{momentText(new Date(shown).toISOString())}</time>
    </p>
  )
}

/** Back to the portal for whoever is there; whoever comes after the time of a sign-in signs in again. */
function Leave() {
  const { t } = useSpeech()
  const { portal, lapse } = useSignIn()
  const navigate = useNavigate()
  const leave = () => {
    const idle = portal?.idle_seconds ?? Number.POSITIVE_INFINITY
    void document.exitFullscreen?.().catch(() => undefined)
    if (secondsLeft(lastActive(), Date.now(), idle) > 0) void navigate('/')
    else void lapse()
  }
  return <Button onClick={leave}>{t('wall.leave')}</Button>
}
