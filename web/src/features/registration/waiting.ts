// Registrations that wait for whoever is signed in: to be confirmed by the system administrator, to be opened by the
// security administrator.

import { useQuery } from '@tanstack/react-query'
import { api, ask, type Schemas } from '../../api/client'
import { useHolds } from '../../app/session'

const OFTEN_MS = 60_000
/** More than this many are shown as so many. */
const MOST = 100

/** In which state a registration waits for whoever holds these rights. */
export function turnOf(holds: (operation: string) => boolean): Schemas['RegistrationState'] | null {
  if (holds('registration.decide')) return 'waiting'
  return holds('registration.open') ? 'confirmed' : null
}

export function useRegistrationsWaiting(): number {
  const state = turnOf(useHolds())
  const { data } = useQuery({
    queryKey: ['registration', 'waiting', state],
    queryFn: () => ask(api.GET('/api/v1/registrations', { params: { query: { state: state ?? undefined, limit: MOST } } })),
    enabled: state !== null,
    refetchInterval: OFTEN_MS,
  })
  return data?.data.length ?? 0
}
