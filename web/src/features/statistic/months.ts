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

/** A closed month of a channel’s group, as the platform measured it. */
export type Measured = Schemas['MonitoringMonth']

export interface Monthly {
  month: Month
  issued: number
  /** Issuance of this month and those before that are added up with it (CH-23.1a); null until there are as many. */
  issuedInWindow: number | null
  /** Change against the month before in per cent (CH-23.1b); null after a month of none. */
  change: number | null
  /** Active users of the month in per cent of cumulative issuance (CH-23.1c); null while nothing was issued. */
  activeShare: number | null
}

/** The months in which a channel was there, in order: what was before `first` is nothing, not none. */
export function monthly(measured: Measured[], first: Month, window: number): Monthly[] {
  const months = measured.filter((one) => one.month >= first)
  return months.map((one, index) => {
    const before = months[index - 1]?.issued ?? 0
    const together = months.slice(Math.max(0, index + 1 - window), index + 1)
    return {
      month: one.month,
      issued: one.issued,
      issuedInWindow: index + 1 < window ? null : together.reduce((sum, month) => sum + month.issued, 0),
      change: before > 0 ? tenth(((one.issued - before) / before) * 100) : null,
      activeShare: one.issued_total > 0 ? tenth((one.active_users / one.issued_total) * 100) : null,
    }
  })
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10
}
