// What was and is withheld from a channel.

import { useQuery } from '@tanstack/react-query'
import { api, ask, type Schemas } from '../../api/client'
import { useHolds } from '../../app/session'
import { between } from '../../i18n/between'
import { useServiceName } from '../service/services'
import { useSpeech } from '../../i18n'

export type Measure = Schemas['MeasureView']

/** Of no channel, and for a role that sees none, there are none. */
export function useMeasures(channel_id: string) {
  const holds = useHolds()
  return useQuery({
    queryKey: ['channel', channel_id, 'measures'],
    queryFn: async () => {
      const params = { path: { channel_id } }
      return (await ask(api.GET('/api/v1/channels/{channel_id}/measures', { params }))).data
    },
    enabled: channel_id !== '' && holds('channel.list'),
  })
}

/** What a measure withholds, in words. */
export function useWithheld(): (measure: Measure) => string {
  const { name, language } = useSpeech()
  const called = useServiceName()
  return ({ withheld, services: codes = [] }) =>
    codes.length > 0 ? codes.map(called).join(between(language)) : name('word.withheld', withheld)
}
