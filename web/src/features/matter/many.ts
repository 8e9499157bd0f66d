// Which of many matters something can be done to, and for whom.

import type { Matter, Wait } from './wire'

/** Whom somebody else waits for: not the platform, and not the own office. */
export function awaitedOf(waits: Wait[], own: string | null | undefined): Wait[] {
  const seen = new Set<string>()
  return waits.filter(({ party, division }) => {
    const whom = `${party} ${division ?? ''}`
    return party !== 'platform' && party !== own && !seen.has(whom) && seen.add(whom)
  })
}

/** A notice that its channel has not read yet. */
export const isUnread = ({ kind, waits }: Pick<Matter, 'kind' | 'waits'>) => kind === 'notice' && waits.some(({ task }) => task === 'acknowledge')
