// How long matters took, from the opening to the end, by kind.

import { daysBetween } from '../../parts/moment'
import type { Matter } from '../matter/wire'

export interface Taken {
  kind: string
  /** How many ended. */
  count: number
  /** Half of them took no longer, in days. */
  median: number
  longest: number
}

type Ended = Pick<Matter, 'kind' | 'is_ended' | 'opened_at' | 'changed_at'>

/** The ended ones by kind, those that take longest first. */
export function taken(matters: Ended[]): Taken[] {
  const days = new Map<string, number[]>()
  for (const { kind, is_ended, opened_at, changed_at } of matters) {
    if (is_ended) days.set(kind, [...(days.get(kind) ?? []), daysBetween(opened_at, changed_at)])
  }
  return [...days]
    .map(([kind, took]) => {
      const sorted = took.toSorted((one, other) => one - other)
      const middle = sorted.length / 2
      const median = ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2
      return { kind, count: sorted.length, median, longest: sorted.at(-1) ?? 0 }
    })
    .toSorted((one, other) => other.median - one.median || one.kind.localeCompare(other.kind))
}
