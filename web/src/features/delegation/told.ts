import type { Schemas } from '../../api/client'

export type Delegation = Schemas['DelegationView']

/** What the header tells: for whom one may act now, what waits for an answer, and who acts in one's own place. */
export function toldOf(all: Delegation[]): { mayActFor: Delegation[]; asked: Delegation[]; represented: Delegation | undefined } {
  const isTaken = (one: Delegation) => one.side === 'taker'
  return {
    mayActFor: all.filter((one) => isTaken(one) && one.state === 'in_force'),
    asked: all.filter((one) => isTaken(one) && one.state === 'offered'),
    represented: all.find((one) => !isTaken(one) && one.state === 'in_force'),
  }
}
