// One piece of work at a time: whether it is going on, and what it failed with.

import { useState } from 'react'

/** What was thrown, in a sentence. */
export const said = (refused: unknown): string => (refused instanceof Error ? refused.message : String(refused))

interface Attempt {
  /** Does the work; `false` when it failed, with `error` saying why. */
  attempt: (work: () => Promise<void>) => Promise<boolean>
  isBusy: boolean
  error: unknown
}

/** `told` turns what was thrown into what is shown, for example after its fields were pointed out. */
export function useAttempt(told: (refused: unknown) => unknown = (refused) => refused): Attempt {
  const [error, setError] = useState<unknown>(null)
  const [isBusy, setBusy] = useState(false)
  const attempt = async (work: () => Promise<void>) => {
    setBusy(true)
    setError(null)
    try {
      await work()
      return true
    } catch (refused) {
      setError(told(refused))
      return false
    } finally {
      setBusy(false)
    }
  }
  return { attempt, isBusy, error }
}
