// A step against a channel, as the platform is asked what it would break.

import { causeOf } from '../risk_event/causes'

/** What is thought of doing. */
export interface Step {
  withheld?: 'all' | 'new_holders' | { services: string[] }
  /** The cause of a risk event, which says what comes with it. */
  cause?: string
  ends?: boolean
  /** The matter whose measure this one takes the place of. */
  matter_id?: string
}

/** The step as the platform is asked about it. */
export function queryOf({ withheld, ...rest }: Step) {
  if (typeof withheld !== 'object') return { ...rest, withheld }
  return { ...rest, withheld: 'services', services: withheld.services.join(',') }
}

/** Whether what stops is never resumed: it is ended, or graded so that it ends. */
export const isForGood = ({ ends, cause }: Step): boolean => ends === true || causeOf(cause)?.grade === '3'

interface Stop {
  service: string
  uses: string[]
}

/** Services of which the same stops, together. */
export function alike(stops: Stop[]): { uses: string[]; services: string[] }[] {
  const groups = new Map<string, { uses: string[]; services: string[] }>()
  for (const { service, uses } of stops) {
    const group = groups.get(uses.join(' ')) ?? { uses, services: [] }
    group.services.push(service)
    groups.set(uses.join(' '), group)
  }
  return [...groups.values()]
}
