// What a change is about, asked of the platform.

import { useQuery } from '@tanstack/react-query'
import { api, ask } from '../../api/client'
import { askMatter, fetchMatters } from '../matter/wire'
import { useServices } from '../service/services'
import type { ApplicationBodyShape } from './application_body'
import { begun, contactOf } from './change'

/**
 * The channel and the forms of its newest application that let it in, none of a channel of the sandbox's short way; with the
 * contact as it was told last (CH-16.3).
 */
export function useChange(channel_id: string | undefined) {
  const services = useServices()
  const { data, error, refetch } = useQuery({
    queryKey: ['channel', channel_id, 'change'],
    enabled: channel_id !== undefined,
    queryFn: async () => {
      const id = channel_id ?? ''
      const channel = await ask(api.GET('/api/v1/channels/{channel_id}', { params: { path: { channel_id: id } } }))
      const found = await fetchMatters({ limit: 200, cursor: undefined, values: { kind: 'application', channel_id: id, ended: 'true' } })
      const bodyOf = async (...states: string[]): Promise<ApplicationBodyShape> => {
        const last = found.data.find((one) => states.includes(one.state))
        return (last && ((await askMatter(last.matter_id)).body as ApplicationBodyShape | undefined)) ?? {}
      }
      const [{ forms }, told] = await Promise.all([bodyOf('live'), bodyOf('live', 'noted')])
      return { channel, forms, contact: contactOf(told) }
    },
  })
  const again = () => Promise.all([refetch(), services.refetch()])
  if (!data || !services.data) return { change: undefined, error: error ?? services.error, refetch: again }
  const change = { channel: data.channel, forms: begun(data.channel, data.forms, services.data.data, data.contact) }
  return { change, error: null, refetch: again }
}
