// What was and is withheld from a channel.

import { useQuery } from '@tanstack/react-query'
import { api, ask, type Schemas } from '../../api/client'
import { useServices } from '../service/services'
import { useSpeech } from '../../i18n'

export type Measure = Schemas['MeasureView']

export function useMeasures(channel_id: string) {
  return useQuery({
    queryKey: ['channel', channel_id, 'measures'],
    queryFn: async () => {
      const params = { path: { channel_id } }
      return (await ask(api.GET('/api/v1/channels/{channel_id}/measures', { params }))).data
    },
  })
}

/** What a measure withholds, in words. */
export function useWithheld(): (measure: Measure) => string {
  const { name, language } = useSpeech()
  const services = useServices().data?.data ?? []
  const called = (code: string) => {
    const found = services.find((one) => one.code === code)
    return (language === 'en' ? found?.name_en : found?.name) ?? code
  }
  return ({ withheld, services: codes = [] }) =>
    codes.length > 0 ? codes.map(called).join(language === 'en' ? ', ' : '、') : name('word.withheld', withheld)
}
