// The catalogue of services, and what a service is called.

import { useQuery } from '@tanstack/react-query'
import { api, ask } from '../../api/client'
import { useHolds } from '../../app/session'
import { useSpeech } from '../../i18n'
import { isOfService } from '../service_form/purpose'

export function useServices() {
  const enabled = useHolds()('service.list')
  return useQuery({ queryKey: ['service', 'all'], queryFn: () => ask(api.GET('/api/v1/services')), staleTime: 300_000, enabled })
}

/** What the service is called whose filled-in form a file was sent as. */
export function useServiceOf(): (purpose: string) => string {
  const services = useServices().data?.data ?? []
  const called = useServiceName()
  return (purpose) => {
    const found = services.find((one) => isOfService(purpose, one.code))
    return found ? called(found.code) : purpose
  }
}

/** What a service is called; its code when it is unknown here. */
export function useServiceName(): (code: string) => string {
  const { language } = useSpeech()
  const services = useServices().data?.data ?? []
  return (code) => {
    const found = services.find((one) => one.code === code)
    return (language === 'en' ? found?.name_en : found?.name) ?? code
  }
}
