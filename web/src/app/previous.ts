import type { Schemas } from '../api/client'
import type { Key } from '../i18n'

/** Which sentence says how an account had signed in before: with the address while it is kept, with failures if there were any. */
export function previousKey({ signed_in_at, address, failures }: Schemas['PreviousSignIn']): Key {
  if (!signed_in_at) return failures > 0 ? 'arrival.first_after' : 'arrival.first'
  if (failures > 0) return address ? 'arrival.last_from_after' : 'arrival.last_after'
  return address ? 'arrival.last_from' : 'arrival.last'
}
