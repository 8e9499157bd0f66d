// Which actions answer what a matter waits for. The platform says whom a matter waits for and what may be done; that one
// is the answer to the other is said here, so that the page can offer it first.

import type { Matter, Wait } from './wire'

/** By `kind.task`, or by task where all kinds agree; a task that is not here is answered by the action of its name. */
const ANSWERS: Record<string, string[]> = {
  'application.correct': ['file', 'file_formal'],
  'application.review': ['approve'],
  'agreement.decide': ['renew', 'lapse'],
  review_plan: ['accept_plan'],
  'agreement.review_paper': ['accept_paper'],
  'security_report.review': ['accept'],
  'security_report.retest': ['submit'],
  'risk_event.grade': ['propose'],
  'risk_event.retest': ['pass'],
  'risk_event.decide': ['propose_decision'],
  'risk_event.cause': ['record_cause'],
  'monitoring.confirm': ['confirm_outcome'],
  'monitoring.decide_exit': ['nominate'],
  'exit.decide': ['approve'],
  'notice.upgrade': ['report'],
  'campaign.review': ['confirm'],
  'rectification.review': ['accept'],
  'rectification.decide': ['return'],
  'rectification.more_time': ['grant_time'],
}

export function answersTo(kind: string, task: string): string[] {
  return ANSWERS[`${kind}.${task}`] ?? ANSWERS[task] ?? [task]
}

/** Whoever acts: a party, and of which area. */
export interface Self {
  party: string | undefined
  division: string
}

/** For which party a role acts; a role that only watches acts for none. */
export function partyOf(role: string, orgKind: string): string | undefined {
  if (role === 'channel_admin') return 'owner'
  if (role === 'operator_admin' || role === 'operator_clerk') return 'operator'
  if (role === 'ministry_reviewer') return 'ministry'
  return role === 'region_admin' ? orgKind : undefined
}

const isFor = (wait: Wait, self: Self) => wait.party === self.party && (!wait.division || wait.division === self.division)

type Open = Pick<Matter, 'kind' | 'waits' | 'actions'>

/** The actions that the matter waits for from whoever looks, in the order of the waits. */
export function nextActions({ kind, waits, actions }: Open, self: Self): string[] {
  const wanted = waits.filter((wait) => isFor(wait, self)).flatMap(({ task }) => answersTo(kind, task))
  return wanted.filter((one) => actions.some(({ action }) => action === one))
}

/** It waits for a second person of the same party, and whoever looks was the first. */
export function isForColleague({ kind, waits, actions }: Open, self: Self): boolean {
  const second = waits.find((wait) => wait.task === 'confirm' && kind !== 'notice' && isFor(wait, self))
  return second !== undefined && !answersTo(kind, second.task).some((one) => actions.some(({ action }) => action === one))
}
