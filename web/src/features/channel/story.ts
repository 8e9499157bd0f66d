// What ever happened to a channel in one order: matters begun and ended, notices, measures, keys, and what changed of the
// channel itself.

import type { Schemas } from '../../api/client'
import type { Matter } from '../matter/wire'
import type { Measure } from './measures'

export const CHAPTERS = ['matter', 'notice', 'measure', 'key', 'phase'] as const
export type Chapter = (typeof CHAPTERS)[number]

export type Happened =
  | { what: 'opened' | 'ended'; chapter: 'matter' | 'notice'; matter: Matter }
  | { what: 'withheld' | 'lifted'; chapter: 'measure'; measure: Measure }
  | { what: 'registered' | 'revoked'; chapter: 'key'; usage: string; key_id: string }
  | { what: string; chapter: 'phase'; changes: Change[]; reason?: string | null }

export interface Change {
  field: string
  from?: string | null
  to?: string | null
}

export type Told = Happened & { key: string; at: string }

export interface Sources {
  matters: Matter[]
  measures: Measure[]
  keys: Schemas['KeyView'][]
  /** Records about the channel. */
  records: Schemas['TrailEntry'][]
}

/** Of the channel itself: what has a source of its own above is left out. */
const OF_ITSELF = new Set(['channel.created', 'channel.registered', 'channel.entered', 'channel.phase_changed', 'channel.scope_changed', 'channel.suspended', 'channel.resumed', 'channel.terminated', 'channel.exited'])

/** Everything, newest first. */
export function storyOf({ matters, measures, keys, records }: Sources): Told[] {
  const all: Told[] = []
  for (const matter of matters) {
    const chapter = matter.kind === 'notice' ? ('notice' as const) : ('matter' as const)
    all.push({ key: `${matter.matter_id} opened`, at: matter.opened_at, what: 'opened', chapter, matter })
    if (matter.is_ended) all.push({ key: `${matter.matter_id} ended`, at: matter.changed_at, what: 'ended', chapter, matter })
  }
  for (const measure of measures) {
    const { measure_id, opened_at, lifted_at } = measure
    all.push({ key: `${measure_id} opened`, at: opened_at, what: 'withheld', chapter: 'measure', measure })
    if (lifted_at) all.push({ key: `${measure_id} lifted`, at: lifted_at, what: 'lifted', chapter: 'measure', measure })
  }
  for (const { key_id, usage, created_at, revoked_at } of keys) {
    all.push({ key: `${key_id} registered`, at: created_at, what: 'registered', chapter: 'key', usage, key_id })
    if (revoked_at) all.push({ key: `${key_id} revoked`, at: revoked_at, what: 'revoked', chapter: 'key', usage, key_id })
  }
  for (const { action, outcome, at, log, place, changes = [], reason } of records) {
    if (outcome !== 'done' || !OF_ITSELF.has(action)) continue
    const what = action.slice('channel.'.length)
    all.push({ key: `${log} ${place}`, at, what, chapter: 'phase', changes, reason })
  }
  return all.toSorted((one, other) => Date.parse(other.at) - Date.parse(one.at))
}

/** Of each chapter, how much there is. */
export function countsOf(story: Told[]): Record<Chapter, number> {
  const counts = { matter: 0, notice: 0, measure: 0, key: 0, phase: 0 }
  for (const { chapter } of story) counts[chapter] += 1
  return counts
}
