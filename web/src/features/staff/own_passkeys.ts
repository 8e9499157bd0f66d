// The own passkeys, as both pages that make them ask for them.

import { useQuery } from '@tanstack/react-query'
import { api, ask } from '../../api/client'

export function useOwnPasskeys() {
  return useQuery({ queryKey: ['passkey'], queryFn: () => ask(api.GET('/api/v1/staff/passkeys')) })
}
