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

/** The quarter that begins with a month: `2026Q3`. */
export function quarterName(first: Month): string {
  const [year = '', number = '1'] = first.split('-')
  return `${year}Q${Math.ceil(Number(number) / 3)}`
}

/** The closed months before `today`, oldest first. */
export function closedMonths(today: string, count: number): Month[] {
  const current = today.slice(0, 7)
  return Array.from({ length: count }, (_, index) => monthAfter(current, index - count))
}

/** Where a list that goes back in time stands: in which month, and where in its rows. */
interface Place {
  month: Month
  cursor?: string
}

/** The place as a cursor, and back. */
export const placeText = ({ month, cursor }: Place): string => (cursor ? `${month}~${cursor}` : month)
export function placeOf(text: string): Place {
  const [month = '', ...rest] = text.split('~')
  return rest.length > 0 ? { month, cursor: rest.join('~') } : { month }
}

/** Where the list goes on behind a page of a month: in its rest, or in the month before, down to the first one. */
export function placeBehind(month: Month, rest: string | null | undefined, first: Month): string | null {
  if (rest) return placeText({ month, cursor: rest })
  return month > first ? placeText({ month: monthAfter(month, -1) }) : null
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

/** Why a use or a payment is refused, in the order in which it is asked. */
export const REFUSALS = ['code', 'replay', 'card', 'channel', 'department', 'person', 'payment'] as const

/** What became of what was presented in each month: answered, and refused by reason; no line for what never happened. */
export function outcomes(rows: Row[], months: Month[]): { outcome: 'answered' | (typeof REFUSALS)[number]; counts: number[] }[] {
  const of = (month: Month) => rows.find((row) => row.period === month)
  const all = [
    { outcome: 'answered' as const, counts: months.map((month) => of(month)?.uses ?? 0) },
    ...REFUSALS.map((outcome) => ({ outcome, counts: months.map((month) => of(month)?.refusals[outcome] ?? 0) })),
  ]
  return all.filter((one) => one.counts.some((count) => count > 0))
}

/** Areas with users, the largest first. */
export function ranked(areas: Schemas['StatisticArea'][]): Schemas['StatisticArea'][] {
  return areas.filter((one) => one.active_users > 0).toSorted((one, other) => other.active_users - one.active_users)
}
