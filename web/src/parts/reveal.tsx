// Something that is masked until somebody says why it is needed: asked one at a time, on record, and hidden again after a
// minute, so that it does not stand on a screen that somebody has left.

import { Button, Input } from 'antd'
import { type ReactNode, useEffect, useState } from 'react'
import { useSpeech } from '../i18n'
import { useAttempt } from './attempt'
import { SHOWN_SECONDS, secondsLeft } from './shown'
import { Failure } from './states'

interface Props<Told> {
  /** Asks the platform; a fresh proof is asked for by the way. */
  ask: (reason: string) => Promise<Told>
  /** What is shown, in clear or masked. */
  children: (told: Told | null) => ReactNode
}

export function Reveal<Told>({ ask, children }: Props<Told>) {
  const { t } = useSpeech()
  const [told, setTold] = useState<{ it: Told; at: number } | null>(null)
  const [left, setLeft] = useState(0)
  const [reason, setReason] = useState('')
  const { attempt, isBusy, error } = useAttempt()
  useEffect(() => {
    if (!told) return
    const tick = () => {
      const rest = secondsLeft(told.at, Date.now())
      setLeft(rest)
      if (rest === 0) setTold(null)
    }
    tick()
    const timer = setInterval(tick, 1000)
    return () => clearInterval(timer)
  }, [told])
  const send = () =>
    attempt(async () => {
      const it = await ask(reason.trim())
      setTold({ it, at: Date.now() })
      setReason('')
    })
  return (
    <>
      {children(told?.it ?? null)}
      <div className="reveal">
        {told ? (
          <>
            <span className="quiet" role="timer">
              {t('reveal.left', { n: left })}
            </span>
            <Button size="small" onClick={() => setTold(null)}>
              {t('reveal.hide')}
            </Button>
          </>
        ) : (
          <>
            <label>
              {t('reveal.reason')}
              <Input
                value={reason}
                maxLength={200}
                onChange={(event) => setReason(event.target.value)}
                onPressEnter={(event) => {
                  // It stands inside other forms, which are not sent by it.
                  event.preventDefault()
                  if (reason.trim()) void send()
                }}
              />
            </label>
            <Button disabled={!reason.trim()} loading={isBusy} onClick={() => void send()}>
              {t('reveal.show')}
            </Button>
            <span className="quiet">{t('reveal.hint', { n: SHOWN_SECONDS })}</span>
          </>
        )}
      </div>
      {error !== null && <Failure error={error} />}
    </>
  )
}
