// In whose hands an office has what waits for it.

import type { Waiting } from './wire'

/** The own hands, nobody's, a colleague's. */
export const HANDS = ['mine', 'unclaimed', 'others'] as const
export type Hands = (typeof HANDS)[number]

export function handsOf({ assignee }: Pick<Waiting, 'assignee'>, me: string): Hands {
  if (!assignee) return 'unclaimed'
  return assignee.staff_id === me ? 'mine' : 'others'
}

/** How much is in whose hands. */
export function inHands(all: Pick<Waiting, 'assignee'>[], me: string): Record<Hands, number> {
  const count = (hands: Hands) => all.filter((one) => handsOf(one, me) === hands).length
  return { mine: count('mine'), unclaimed: count('unclaimed'), others: count('others') }
}

/** Whether putting a matter into these hands has to be explained: all but taking what nobody has and laying down one's own. */
export function wantsReason(from: string | undefined, to: string | undefined, me: string): boolean {
  return !((from === undefined && to === me) || (from === me && to === undefined))
}
