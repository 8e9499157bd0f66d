// Whose accounts: those that the security administrator sees, or those of the own organisation. What is asked of either is
// the same; the platform has a path for each, since each is another right.

import { api, ask, type Schemas } from '../../api/client'
import type { Fetch } from '../../parts/walk'

export type Member = Schemas['MemberView']
export type Deed = 'disable' | 'enable' | 'reset'

export interface Realm {
  /** The first part of the keys of its queries. */
  noun: 'staff' | 'team'
  list: Fetch<Member>
  act: (deed: Deed, staff_id: string, reason: string) => Promise<unknown>
  sessions: (staff_id: string) => Promise<Schemas['StaffSessions']>
  end: (staff_id: string, body: Schemas['EndSessions']) => Promise<unknown>
}

const of = (staff_id: string) => ({ path: { staff_id } })

export const STAFF: Realm = {
  noun: 'staff',
  list: ({ limit, cursor }) => ask(api.GET('/api/v1/staff', { params: { query: { limit, cursor } } })),
  act: (deed, staff_id, reason) => {
    const asked = { params: of(staff_id), body: { reason } }
    switch (deed) {
      case 'disable':
        return ask(api.POST('/api/v1/staff/{staff_id}/disable', asked))
      case 'enable':
        return ask(api.POST('/api/v1/staff/{staff_id}/enable', asked))
      case 'reset':
        return ask(api.POST('/api/v1/staff/{staff_id}/factor/reset', asked))
    }
  },
  sessions: (staff_id) => ask(api.GET('/api/v1/staff/{staff_id}/sessions', { params: of(staff_id) })),
  end: (staff_id, body) => ask(api.POST('/api/v1/staff/{staff_id}/sessions/end', { params: of(staff_id), body })),
}

export const TEAM: Realm = {
  noun: 'team',
  list: ({ limit, cursor }) => ask(api.GET('/api/v1/team', { params: { query: { limit, cursor } } })),
  act: (deed, staff_id, reason) => {
    const asked = { params: of(staff_id), body: { reason } }
    return deed === 'disable'
      ? ask(api.POST('/api/v1/team/{staff_id}/disable', asked))
      : ask(api.POST('/api/v1/team/{staff_id}/enable', asked))
  },
  sessions: (staff_id) => ask(api.GET('/api/v1/team/{staff_id}/sessions', { params: of(staff_id) })),
  end: (staff_id, body) => ask(api.POST('/api/v1/team/{staff_id}/sessions/end', { params: of(staff_id), body })),
}
