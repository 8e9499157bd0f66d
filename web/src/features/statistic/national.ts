// What a dashboard reads from the figures of all channels in sight together.

import type { Schemas } from '../../api/client'
import { type Month, monthAfter } from './months'

export type Total = Schemas['StatisticTotal']

/** A figure of each month; none where nothing was counted. */
export function monthsOf(totals: Total[], months: Month[], key: 'issued' | 'active_users' | 'uses'): number[] {
  const of = new Map(totals.map((one) => [one.period, one[key]]))
  return months.map((month) => of.get(month) ?? 0)
}

/** The same months of the year before. */
export const yearBefore = (months: Month[]): Month[] => months.map((month) => monthAfter(month, -12))

/** Change against the year before in per cent, in tenths; nothing after a month of none. */
export function change(now: number, before: number): number | null {
  return before > 0 ? Math.round(((now - before) / before) * 1000) / 10 : null
}

const CLASSES = ['hrss', 'government', 'national_signed', 'bank', 'medical', 'social'] as const

/** How many of some channels are of each of the six classes, and what share that is in per cent. */
export function classShares(entries: Pick<Schemas['DirectoryEntry'], 'class'>[]): { class: (typeof CLASSES)[number]; count: number; share: number }[] {
  return CLASSES.map((one) => {
    const count = entries.filter((entry) => entry.class === one).length
    return { class: one, count, share: entries.length > 0 ? Math.round((count / entries.length) * 1000) / 10 : 0 }
  })
}
