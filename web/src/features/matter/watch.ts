// How much waits for whom, and how much of it is late.

import { daysBetween } from '../../parts/moment'
import type { Matter, Wait } from './wire'

/** Parties in the order in which work passes through them. */
export const PARTIES = ['owner', 'prefecture', 'province', 'operator', 'ministry'] as const
export type PartyName = (typeof PARTIES)[number]

/** How a wait stands to its last day. */
export type Timing = 'overdue' | 'soon' | 'later' | 'none'

/** Days within which something is due soon. */
const SOON_DAYS = 7

export function timingOf({ due_on }: Pick<Wait, 'due_on'>, today: string): Timing {
  if (!due_on) return 'none'
  const left = daysBetween(today, due_on)
  if (left < 0) return 'overdue'
  return left <= SOON_DAYS ? 'soon' : 'later'
}

/** Of a wait: whose it is, and how it stands. What is left out does not narrow. */
export interface Sought {
  party?: string
  timing?: string
}

/** Whether one and the same wait of a matter is all that is sought; what the platform does by itself is nobody's wait. */
export function waitsSo({ waits }: Pick<Matter, 'waits'>, { party, timing }: Sought, today: string): boolean {
  return waits.some(
    (wait) => (party ? wait.party === party : wait.party !== 'platform') && (!timing || timingOf(wait, today) === timing),
  )
}

export interface Load {
  party: PartyName
  /** Matters that wait for it. */
  all: number
  overdue: number
  soon: number
}

/** Per party, how many matters wait for it; a matter that asks thirty provinces waits once for the provinces. */
export function loads(matters: Pick<Matter, 'waits'>[], today: string): Load[] {
  return PARTIES.map((party) => {
    const waiting = matters.filter((one) => waitsSo(one, { party }, today))
    const isLate = (one: Pick<Matter, 'waits'>) => waitsSo(one, { party, timing: 'overdue' }, today)
    const overdue = waiting.filter(isLate).length
    const soon = waiting.filter((one) => !isLate(one) && waitsSo(one, { party, timing: 'soon' }, today)).length
    return { party, all: waiting.length, overdue, soon }
  })
}

/** What is late with one party in one matter: thirty provinces that are asked the same are late together. */
export interface Late {
  matter: Matter
  /** The one that is late the longest. */
  wait: Wait
  /** How many more of the party are late in it. */
  others: number
}

const isOlder = (one: Wait, other: Wait) => (one.due_on ?? '').localeCompare(other.due_on ?? '')

/** Everything that is late, by matter and party, the longest first. */
export function lateOf(matters: Matter[], today: string): Late[] {
  const all = matters.flatMap((matter) =>
    PARTIES.flatMap((party) => {
      const late = matter.waits.filter((wait) => wait.party === party && timingOf(wait, today) === 'overdue')
      const [wait] = late.toSorted(isOlder)
      return wait ? [{ matter, wait, others: late.length - 1 }] : []
    }),
  )
  return all.toSorted((one, other) => isOlder(one.wait, other.wait))
}

/** How many matters something is late in. */
export const lateMatters = (late: Late[]) => new Set(late.map(({ matter }) => matter.matter_id)).size

type Standing = Pick<Matter, 'kind' | 'state' | 'waits'>

/** What gives the operator the right to force a channel out, each by its clause (CH-35.2 to CH-35.4), and where it is listed. A report
 * is such a ground while its owner has let the last day pass. */
const GROUNDS = [
  { kind: 'agreement', about: 'state=unsigned', clause: 'CH-35.2', holds: ({ state }: Standing) => state === 'unsigned' },
  {
    kind: 'security_report',
    about: 'waits=owner&due=overdue',
    clause: 'CH-35.3',
    holds: (one: Standing, today: string) => waitsSo(one, { party: 'owner', timing: 'overdue' }, today),
  },
  { kind: 'monitoring', about: 'state=candidate', clause: 'CH-35.4', holds: ({ state }: Standing) => state === 'candidate' },
] as const

/** How many matters stand so that their channel may be forced out, ground by ground. */
export function candidates(matters: Standing[], today: string) {
  return GROUNDS.map(({ kind, about, clause, holds }) => ({
    kind,
    about,
    clause,
    count: matters.filter((one) => one.kind === kind && holds(one, today)).length,
  }))
}

/** Of several waits the one that is due first; one without a day comes last. */
export function pressing(waits: Wait[]): Wait | undefined {
  const people = waits.filter(({ party }) => party !== 'platform')
  const [first] = people.toSorted((one, other) => (one.due_on ?? '9').localeCompare(other.due_on ?? '9'))
  return first ?? waits[0]
}
