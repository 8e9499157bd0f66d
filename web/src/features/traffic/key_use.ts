// Which keys that should no longer be used still are.

import type { Schemas } from '../../api/client'

export type KeyTraffic = Schemas['KeyTraffic']

export interface Lingering {
  key: Schemas['KeyView']
  used: KeyTraffic
}

/** Keys with a successor, or past their end, with which somebody called yesterday or today. */
export function lingering(keys: Schemas['KeyView'][], traffic: KeyTraffic[]): Lingering[] {
  return keys.flatMap((key) => {
    const used = traffic.find((one) => one.key_id === key.key_id)
    return used && key.state !== 'active' && used.calls_today + used.calls_yesterday > 0 ? [{ key, used }] : []
  })
}
