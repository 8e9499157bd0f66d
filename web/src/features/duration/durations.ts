// How long the steps of applications took, asked of the platform.

import { useQuery } from '@tanstack/react-query'
import { api, ask, type Schemas } from '../../api/client'

export type Durations = Schemas['ApplicationDurations']
export type ChannelClass = Schemas['ChannelClass']

/** What of all steps is looked at; everything in the platform's own window where nothing is said. */
export interface Asked {
  class?: ChannelClass
  from_on?: string
}

export function useDurations(asked: Asked = {}, isAsked = true) {
  return useQuery({
    queryKey: ['durations', asked],
    queryFn: () => ask(api.GET('/api/v1/applications/durations', { params: { query: asked } })),
    enabled: isAsked,
    staleTime: 600_000,
  })
}
