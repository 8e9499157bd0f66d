// The endpoints of a channel, as every page that shows them asks for them.

import { useQuery } from '@tanstack/react-query'
import { api, ask } from '../../api/client'

/** The endpoints of a channel; nothing is asked before it is known which. */
export function useEndpoints(channel_id: string | undefined) {
  return useQuery({
    queryKey: ['webhook', channel_id],
    queryFn: () => ask(api.GET('/api/v1/webhooks', { params: { query: { channel_id } } })),
    enabled: channel_id !== undefined,
  })
}
