// Which of many matters something can be done to, and for whom.

import type { Matter, Wait } from './wire'

/** Whom one may remind today, each once: as the platform says it of every line. */
export function remindableOf(waits: Wait[]): Wait[] {
  const seen = new Set<string>()
  return waits.filter(({ party, division, may_remind }) => {
    const whom = `${party} ${division ?? ''}`
    return may_remind === true && !seen.has(whom) && seen.add(whom)
  })
}

/** A notice that its channel has not read yet. */
export const isUnread = ({ kind, waits }: Pick<Matter, 'kind' | 'waits'>) => kind === 'notice' && waits.some(({ task }) => task === 'acknowledge')
