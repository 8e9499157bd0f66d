// How a sign-in ends without whoever is signed in ending it.

import type { components } from './schema'

/** That it ended; in the platform's words where those say more than that. */
export interface Ended {
  words?: string
}

/** Whether a problem is the end of a sign-in: it has lapsed, or the account was signed in elsewhere. */
export function endOf({ code, title }: Pick<components['schemas']['Problem'], 'code' | 'title'>): Ended | null {
  if (code === 'staff.unauthenticated') return {}
  if (code === 'sign_in_rule.elsewhere') return { words: title }
  return null
}
