// Replies that are used again and again: those that everybody has, and those that an account keeps in this browser.

import type { Key } from '../../i18n'

/** By what a ticket is about; the general ones come last. */
const READY: Record<string, Key[]> = {
  user: ['reply.user_checked', 'reply.user_more'],
  common: ['reply.common_known', 'reply.common_fixed'],
  public_opinion: ['reply.opinion_received'],
  malicious: ['reply.malicious_received'],
}
const GENERAL: Key[] = ['reply.received', 'reply.request']

export const readyFor = (category: string | undefined): Key[] => [...(READY[category ?? ''] ?? []), ...GENERAL]

/** Most replies of one's own, and letters of one. */
export const MOST_OWN = 20
const LONGEST = 2000

export const keyOf = (who: string) => `ykt.replies/${who}`

/** Reads what was kept; anything strange counts as nothing. */
export function read(text: string | null): string[] {
  try {
    const kept: unknown = JSON.parse(text ?? '[]')
    if (!Array.isArray(kept)) return []
    return kept.filter((one): one is string => typeof one === 'string' && one.trim() !== '' && one.length <= LONGEST).slice(0, MOST_OWN)
  } catch {
    return []
  }
}

/** With one more in front; one that is there already moves there. */
export function withReply(replies: string[], reply: string): string[] {
  const text = reply.trim()
  return text === '' ? replies : [text, ...replies.filter((one) => one !== text)].slice(0, MOST_OWN)
}

/** The id of a request, as answers and logs have it; nothing when it is something else. */
export const requestOf = (text: string | null | undefined): string | undefined => /\breq_[0-9a-z]{26}\b/.exec(text ?? '')?.[0]
