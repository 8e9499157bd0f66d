// To which channels the holders of one that leaves can move (CH-34.2).

import { useQuery } from '@tanstack/react-query'
import { api, ask, type Schemas } from '../../api/client'
import { walk } from '../../parts/walk'

export type Successor = Schemas['DirectoryEntry']

/** Most channels that are offered. */
const MOST = 1000

export function useSuccessors(leaving: string | null | undefined) {
  return useQuery({
    queryKey: ['directory', 'leaving', leaving],
    enabled: Boolean(leaving),
    queryFn: async () => {
      const fetch = ({ cursor }: { cursor?: string }) =>
        ask(api.GET('/api/v1/directory', { params: { query: { leaving: leaving ?? undefined, limit: 200, cursor } } }))
      const { rows } = await walk<Successor>({ fetch, filters: [], values: {} }, { from: undefined, want: MOST })
      return rows
    },
  })
}
