// What a change is about, asked of the platform.

import { useQuery } from '@tanstack/react-query'
import { api, ask } from '../../api/client'
import { askMatter, fetchMatters } from '../matter/wire'
import { useServices } from '../service/services'
import type { ApplicationBodyShape } from './application_body'
import { begun } from './change'

/** The channel and the forms of its newest application that let it in; none of a channel of the sandbox's short way. */
export function useChange(channel_id: string | undefined) {
  const { data: catalogue } = useServices()
  const { data, error, refetch } = useQuery({
    queryKey: ['channel', channel_id, 'change'],
    enabled: channel_id !== undefined,
    queryFn: async () => {
      const id = channel_id ?? ''
      const channel = await ask(api.GET('/api/v1/channels/{channel_id}', { params: { path: { channel_id: id } } }))
      const found = await fetchMatters({ limit: 200, cursor: undefined, values: { kind: 'application', channel_id: id, ended: 'true' } })
      const last = found.data.find((one) => one.state === 'live')
      const body = last && (((await askMatter(last.matter_id)).body ?? {}) as ApplicationBodyShape)
      return { channel, forms: body?.forms }
    },
  })
  const isReady = data && catalogue
  return { change: isReady ? { channel: data.channel, forms: begun(data.channel, data.forms, catalogue.data) } : undefined, error, refetch }
}
