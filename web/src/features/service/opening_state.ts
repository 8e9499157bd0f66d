import type { Schemas } from '../../api/client'

/** How an opening stands: closed, suspended by a locality until it is put right (ND-3.5e), or open. */
export function stateOf({ closed_at, suspended_at }: Pick<Schemas['OpeningView'], 'closed_at' | 'suspended_at'>): 'closed' | 'suspended' | 'open' {
  if (closed_at) return 'closed'
  return suspended_at ? 'suspended' : 'open'
}
