// Which step against its channel an action of a risk event takes.

import type { Step } from '../channel/step'

interface Finding {
  cause?: string
  withheld?: Step['withheld']
}

/** Whether certain services are meant, and none is chosen yet: there is nothing to ask about. */
export const isUnchosen = (withheld: Step['withheld']): boolean => typeof withheld === 'object' && withheld.services.length === 0

/** The step that an action of a risk event takes as it is filled in; nothing where it breaks nothing. */
export function stepOf(action: string, body: unknown, asked: Finding): Step | undefined {
  const { cause, withheld } = asked
  if (isUnchosen(withheld)) return undefined
  if (action === 'contain') return withheld === undefined ? undefined : { withheld }
  if (action === 'propose') return cause === undefined ? undefined : { cause, withheld }
  if (action === 'confirm') {
    const finding = (body as { proposal?: { finding?: Finding | null } | null } | undefined)?.proposal?.finding
    return finding ? { cause: finding.cause, withheld: finding.withheld } : undefined
  }
  return undefined
}
