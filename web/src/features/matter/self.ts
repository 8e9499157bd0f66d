import { useSession } from '../../app/session'
import { partyOf, type Self } from './answers'

/** As whom whoever is signed in acts. */
export function useSelf(): Self {
  const { staff, org, stands_in } = useSession()
  return { party: partyOf(stands_in?.role ?? staff.role, org.kind), division: org.division }
}
