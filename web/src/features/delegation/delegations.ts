// What one has given and was asked for, and acting in somebody's place.

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { api, ask } from '../../api/client'
import { capacity } from '../../api/capacity'
import { useHolds, useSession } from '../../app/session'

const SELDOM_MS = 300_000
const MOST = 50

export function useDelegations() {
  const holds = useHolds()
  return useQuery({
    queryKey: ['delegation', 'own'],
    queryFn: () => ask(api.GET('/api/v1/delegations', { params: { query: { limit: MOST } } })),
    enabled: holds('matter.read'),
    refetchInterval: SELDOM_MS,
  })
}

/** The delegation by which whoever is signed in acts now, and how to take one up or put it down. */
export function useCapacity(): { named: string | undefined; act: (delegation_id: string | null) => Promise<void> } {
  const client = useQueryClient()
  const named = useSession().stands_in?.delegation_id
  return {
    named,
    act: async (delegation_id) => {
      capacity.keep(delegation_id)
      await client.invalidateQueries()
    },
  }
}
