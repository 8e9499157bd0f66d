// Days of issuance, and the weeks that they make. A person is issued once in a channel (R26), so days of issuance add up to a
// week; distinct users do not, and are told by day and month alone.

import { dayAfter, daysBetween } from '../../parts/moment'
import type { Row } from './months'

const WEEK = 7
/** A Monday. */
const MONDAY = '2024-01-01'

/** What was issued in one day or week. */
export interface Issued {
  /** The day, or the Monday of the week. */
  first: string
  issued: number
}

/** The Monday of the week of a day. */
export function monday(day: string): string {
  const past = ((daysBetween(MONDAY, day) % WEEK) + WEEK) % WEEK
  return dayAfter(day, -past)
}

/** Every day from `from` to `to`, those without an e-card too. */
export function daily(rows: Pick<Row, 'period' | 'issued'>[], from: string, to: string): Issued[] {
  const of = new Map(rows.map((one) => [one.period, one.issued]))
  return Array.from({ length: daysBetween(from, to) + 1 }, (_, place) => {
    const first = dayAfter(from, place)
    return { first, issued: of.get(first) ?? 0 }
  })
}

/** The weeks of some days, which begin on a Monday; the last one may still run. */
export function weekly(days: Issued[]): Issued[] {
  const weeks = new Map<string, number>()
  for (const { first, issued } of days) weeks.set(monday(first), (weeks.get(monday(first)) ?? 0) + issued)
  return [...weeks].map(([first, issued]) => ({ first, issued }))
}
