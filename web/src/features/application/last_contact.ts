// The contact that this account, or else its department, gave with its last opinion: nobody types it twice (L1).

import { useQuery } from '@tanstack/react-query'
import { api, ask } from '../../api/client'
import { useSession } from '../../app/session'
import { askMatter } from '../matter/wire'
import { type Contact, lastContact } from './contacts'

/** Applications that are looked through, newest first. */
const MOST = 6

export function useLastContact(): Contact | null {
  const { staff, org } = useSession()
  const { data } = useQuery({
    queryKey: ['last_contact', staff.staff_id],
    queryFn: async () => {
      const list = async (mine: 'acted' | undefined) =>
        (await ask(api.GET('/api/v1/matters', { params: { query: { kind: 'application', mine, limit: MOST } } }))).data
      const bodiesOf = async (mine: 'acted' | undefined) => {
        const matters = await Promise.all((await list(mine)).map(({ matter_id }) => askMatter(matter_id)))
        return matters.map(({ body }) => body)
      }
      const own = lastContact(await bodiesOf('acted'), staff.staff_id, org.org_id)
      return own ?? lastContact(await bodiesOf(undefined), staff.staff_id, org.org_id)
    },
    staleTime: 60_000,
  })
  return data ?? null
}
