// Durations as days, and what is told of a step.

const DAY = 86_400

/** Seconds in days, to a tenth; what took less than that took a tenth. */
export function inDays(seconds: number): number {
  return Math.max(0.1, Math.round((seconds / DAY) * 10) / 10)
}

/** The first day of so many months before a day. */
export function monthsBack(today: string, months: number): string {
  const [year = 0, month = 1, day = 1] = today.split('-').map(Number)
  const first = new Date(Date.UTC(year, month - 1 - months, 1))
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate()
  first.setUTCDate(Math.min(day, last))
  return first.toISOString().slice(0, 10)
}

/** How long each step took, as the platform tells it. */
export interface Told {
  steps: { state: string; cases?: number | null; median_seconds?: number | null; ninety_seconds?: number | null }[]
}

/** What is told of a step of which there are enough cases. */
export function usualOf(durations: Told | undefined, state: string): { median: number; ninety: number; cases: number } | null {
  const step = durations?.steps.find((one) => one.state === state)
  if (!step || step.cases == null || step.median_seconds == null || step.ninety_seconds == null) return null
  return { median: inDays(step.median_seconds), ninety: inDays(step.ninety_seconds), cases: step.cases }
}
