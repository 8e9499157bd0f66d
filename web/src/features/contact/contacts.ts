// Whom to call about a channel, asked of the platform.

import { useQuery } from '@tanstack/react-query'
import { api, ask, type Schemas } from '../../api/client'

export type Contacts = Schemas['ChannelContacts']
export type Held = Schemas['HeldContact']
export type InClear = Schemas['ChannelContact']

export const contactsKey = (channel_id: string) => ['channel', channel_id, 'contacts']

export function useContacts(channel_id: string | undefined) {
  return useQuery({
    queryKey: contactsKey(channel_id ?? ''),
    enabled: channel_id !== undefined,
    queryFn: () => ask(api.GET('/api/v1/channels/{channel_id}/contacts', { params: { path: { channel_id: channel_id ?? '' } } })),
  })
}

/** The contact of now in clear; the platform puts on record that it was asked for. */
export const reveal = (channel_id: string) => (reason: string) =>
  ask(api.POST('/api/v1/channels/{channel_id}/contacts/reveal', { params: { path: { channel_id } }, body: { reason } }))
