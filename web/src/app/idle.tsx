// Asks whether anybody is there before the session is given up. The pages ask the platform for news by themselves, so it
// is the person who counts, not the requests.

import { Button } from 'antd'
import { useEffect, useEffectEvent, useState } from 'react'
import { useSpeech } from '../i18n'
import { Dialog } from '../parts/dialog'
import { lastActive, noteActive, secondsLeft, WARNING_SECONDS } from './presence'
import { useSignIn } from './session'

const TICK_MS = 1_000
const DONE = ['pointerdown', 'keydown', 'wheel'] as const

export function Idle() {
  const { t } = useSpeech()
  const { portal, lapse } = useSignIn()
  const idle = portal?.idle_seconds ?? Number.POSITIVE_INFINITY
  const [left, setLeft] = useState(idle)
  const isAsking = left <= WARNING_SECONDS
  const isOver = left <= 0
  const giveUp = useEffectEvent(() => void lapse())
  useEffect(() => {
    const look = () => setLeft(secondsLeft(lastActive(), Date.now(), idle))
    const timer = setInterval(look, TICK_MS)
    return () => clearInterval(timer)
  }, [idle])
  useEffect(() => {
    // While it is asked, only the answer counts.
    if (isAsking) return
    const note = () => noteActive()
    for (const one of DONE) window.addEventListener(one, note, { passive: true })
    return () => {
      for (const one of DONE) window.removeEventListener(one, note)
    }
  }, [isAsking])
  useEffect(() => {
    // Once, however long the platform takes to answer.
    if (isOver) giveUp()
  }, [isOver])
  const stay = () => {
    noteActive(Date.now(), 0)
    setLeft(idle)
  }
  return (
    <Dialog
      open={isAsking && !isOver}
      title={t('idle.title')}
      closable={false}
      mask={{ closable: false }}
      zIndex={1200}
      footer={
        <Button type="primary" autoFocus onClick={stay}>
          {t('idle.stay')}
        </Button>
      }
    >
      <p role="status">{t('idle.lead', { n: Math.max(0, left) })}</p>
    </Dialog>
  )
}
