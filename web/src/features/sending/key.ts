// The key under which something is sent, so that whoever presses the button again, because no answer came, does not send it
// twice. It belongs to what is sent, word for word, and is kept in this tab, beside the digest of the words, until that has been answered.

import { sm3Of } from '../../parts/sm3'

type Place = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

const KEPT_UNDER = 'ykt.sending'

/** A key that nothing has. */
export const fresh = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')

/** The key of this content: the same again as long as it was not answered, another one for another content. */
export function keyOf(content: unknown, place: Place): string {
  const sm3 = sm3Of(JSON.stringify(content))
  const kept = read(place)
  if (kept?.sm3 === sm3) return kept.key
  const key = fresh()
  try {
    place.setItem(KEPT_UNDER, JSON.stringify({ sm3, key }))
  } catch {
    // A browser that keeps nothing is no reason to stop anybody.
  }
  return key
}

/** It was done: the same words again are another sending. */
export function answered(place: Place): void {
  try {
    place.removeItem(KEPT_UNDER)
  } catch {
    // Nothing was kept either.
  }
}

function read(place: Place): { sm3: string; key: string } | null {
  try {
    const kept = JSON.parse(place.getItem(KEPT_UNDER) ?? 'null') as { sm3?: unknown; key?: unknown } | null
    return typeof kept?.sm3 === 'string' && typeof kept.key === 'string' ? { sm3: kept.sm3, key: kept.key } : null
  } catch {
    return null
  }
}
