// Closed months, and what the monitoring of a channel reads from them (CH-23). The rules are the platform's; what is
// computed here is only what a picture shows beside its thresholds.

import type { Schemas } from '../../api/client'

export type Row = Schemas['StatisticRow']

/** `2026-11` */
export type Month = string

/** The month so many months later. */
export function monthAfter(month: Month, months: number): Month {
  const [year = 0, number = 1] = month.split('-').map(Number)
  const index = year * 12 + (number - 1) + months
  return `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`
}

/** The last day of a month. */
export function lastDay(month: Month): string {
  const next = monthAfter(month, 1)
  return new Date(Date.parse(`${next}-01T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10)
}

/** The closed months before `today`, oldest first. */
export function closedMonths(today: string, count: number): Month[] {
  const current = today.slice(0, 7)
  return Array.from({ length: count }, (_, index) => monthAfter(current, index - count))
}

export interface Monthly {
  month: Month
  issued: number
  /** Issuance of this month and the two before, which CH-23.1a compares with 100; null where a month is missing. */
  issuedIn3: number | null
  /** Change against the month before in per cent, which CH-23.1b compares with −50; null after a month of none. */
  change: number | null
  /** Active users of the month in per cent of cumulative issuance, which CH-23.1c compares with 3. */
  activeShare: number | null
}

/** One channel's months in order; a month without a row is a month of nothing. */
export function monthly(months: Month[], rows: Row[]): Monthly[] {
  const byMonth = new Map(rows.map((row) => [row.period, row]))
  const issued = (month: Month) => byMonth.get(month)?.issued ?? 0
  return months.map((month, index) => {
    const row = byMonth.get(month)
    const before = index > 0 ? issued(months[index - 1] ?? '') : 0
    const three = months.slice(index - 2, index + 1)
    return {
      month,
      issued: issued(month),
      issuedIn3: index < 2 ? null : three.reduce((sum, one) => sum + issued(one), 0),
      change: before > 0 ? tenth(((issued(month) - before) / before) * 100) : null,
      activeShare: row && row.issued_total > 0 ? tenth((row.active_users / row.issued_total) * 100) : null,
    }
  })
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10
}
