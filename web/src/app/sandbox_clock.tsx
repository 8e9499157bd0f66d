// The sandbox says that it is one, what day it is in it, and lets who may move its time: deadlines of months are seen
// within a minute.

import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Popover } from 'antd'
import { useState } from 'react'
import { api, ask } from '../api/client'
import { useSpeech } from '../i18n'
import type { Key } from '../i18n'
import { said } from '../parts/attempt'
import { useHolds } from './session'
import { useToday } from './today'

const DAY = 86_400
const STEPS: { label: Key; seconds: number }[] = [
  { label: 'clock.day', seconds: DAY },
  { label: 'clock.week', seconds: 7 * DAY },
  { label: 'clock.month', seconds: 30 * DAY },
]

export function SandboxClock() {
  const { t } = useSpeech()
  const { message } = App.useApp()
  const mayMove = useHolds()('clock.move')
  const client = useQueryClient()
  const today = useToday()
  const [isBusy, setBusy] = useState(false)
  const move = async (seconds: number) => {
    setBusy(true)
    try {
      await ask(api.POST('/api/v1/clock/advance', { body: { seconds } }))
      await client.invalidateQueries()
    } catch (refused) {
      message.error(said(refused))
    } finally {
      setBusy(false)
    }
  }
  const content = (
    <div className="preferences">
      <p className="quiet">{t('app.sandbox_hint')}</p>
      <p>{t('clock.today', { day: today })}</p>
      {mayMove && (
        <div className="action-bar">
          {STEPS.map((step) => (
            <Button key={step.label} size="small" loading={isBusy} onClick={() => void move(step.seconds)}>
              {t(step.label)}
            </Button>
          ))}
        </div>
      )}
    </div>
  )
  return (
    <Popover content={content} trigger="click" placement="bottomLeft" title={t('clock.title')}>
      <Button size="small" type="text" className="sandbox tone-warn" aria-label={`${t('app.sandbox')} ${today}`}>
        <span className="sandbox-word">{t('app.sandbox')}</span> {today}
      </Button>
    </Popover>
  )
}
