// Matters as the platform tells them, and the ways to ask for them.

import { api, ask, type Schemas } from '../../api/client'
import type { Fetch } from '../../parts/walk'

/** The body is described for each kind (`ApplicationBody`, …): the pages of a kind say whose it is. */
export type Matter = Omit<Schemas['MatterView'], 'body'> & { body?: unknown }
export type Wait = Schemas['MatterWait']
export type Message = Schemas['MessageView']
export type Waiting = { wait: Wait; matter: Matter }
/** What a kind begins with is described for each kind (`OpenApplication`, …); a form makes it field by field. */
export type Opening = { kind: string; channel_id?: string; parent_id?: string; opening: Record<string, unknown> }

export const fetchMatters: Fetch<Matter> = ({ limit, cursor, values: { kind, channel_id, ended } }) => {
  const query = { limit, cursor, kind, channel_id, ended: ended === undefined ? undefined : ended === 'true' }
  return ask(api.GET('/api/v1/matters', { params: { query } }))
}

export const askMatter = (matter_id: string) =>
  ask(api.GET('/api/v1/matters/{matter_id}', { params: { path: { matter_id } } }))

/** Services are withheld until somebody has graded the event: no day is set, and every hour counts. */
export const isPressing = ({ matter, wait }: Waiting) =>
  matter.kind === 'risk_event' && (wait.task === 'grade' || wait.task === 'confirm')

/** What waits, what presses first. */
export const askInbox = async () => {
  const { items } = await ask(api.GET('/api/v1/inbox'))
  return items.toSorted((one, other) => Number(isPressing(other)) - Number(isPressing(one)))
}

export const act = ({ matter_id, version }: Matter, action: string, input: Record<string, unknown>) => {
  const params = { path: { matter_id }, header: { 'If-Match': `"${version}"` } }
  // What an action brings is described for each kind (`ApplicationInput`, …); a form makes it field by field.
  const body = { ...input, action } as Schemas['ActOnMatter']
  return ask(api.POST('/api/v1/matters/{matter_id}/actions', { params, body }))
}

export const open = (body: Opening) => ask(api.POST('/api/v1/matters', { body: body as Schemas['OpenMatter'] }))

export const fetchMessages: Fetch<Message> = ({ limit, cursor }) =>
  ask(api.GET('/api/v1/messages', { params: { query: { limit, cursor } } }))

export const readMessage = (message_id: string) =>
  ask(api.POST('/api/v1/messages/{message_id}/read', { params: { path: { message_id } } }))
