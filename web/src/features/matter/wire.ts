// Matters as the platform tells them, and the ways to ask for them.

import { api, ask } from '../../api/client'
import type { Fetch, PageOf } from '../../parts/walk'

export interface Wait {
  party: string
  division?: string | null
  division_name?: string | null
  task: string
  since: string
  starts_on?: string | null
  due_on?: string | null
  is_provisional: boolean
  clause?: string | null
  expiry?: string | null
  overdue_at?: string | null
}

export interface Step {
  number: number
  at: string
  party: string
  staff_id?: string | null
  org_name?: string | null
  action: string
  from?: string | null
  to: string
  words?: string | null
  label_zh?: string | null
  label_en?: string | null
}

export interface Possible {
  action: string
  label_zh: string
  label_en: string
  clause: string
  needs: string[]
}

export interface Matter {
  matter_id: string
  kind: string
  state: string
  is_ended: boolean
  title: string
  channel_id?: string | null
  channel_number?: string | null
  channel_name?: string | null
  owner_id: string
  owner_name: string
  opened_at: string
  changed_at: string
  version: number
  waits: Wait[]
  body?: unknown
  timeline: Step[]
  actions: Possible[]
}

export interface Message {
  message_id: string
  channel_id?: string | null
  matter_id?: string | null
  zh: string
  en: string
  at: string
  read_at?: string | null
}

export interface Waiting {
  matter: Matter
  wait: Wait
}

// biome-ignore lint/suspicious/noExplicitAny: TEMPORARY until the description has matters
const raw = api as any

export const fetchMatters: Fetch<Matter> = ({ limit, cursor, values: { kind, channel_id, ended } }) => {
  const query = { limit, cursor, kind, channel_id, ended: ended === undefined ? undefined : ended === 'true' }
  return ask<PageOf<Matter>>(raw.GET('/api/v1/matters', { params: { query } }))
}

export const askMatter = (matter_id: string) =>
  ask<Matter>(raw.GET('/api/v1/matters/{matter_id}', { params: { path: { matter_id } } }))

export const askInbox = async () => (await ask<{ items: Waiting[] }>(raw.GET('/api/v1/inbox'))).items

export const act = ({ matter_id, version }: Matter, action: string, input: Record<string, unknown>) => {
  const params = { path: { matter_id }, header: { 'If-Match': `"${version}"` } }
  return ask<Matter>(raw.POST('/api/v1/matters/{matter_id}/actions', { params, body: { ...input, action } }))
}

export interface Opening {
  kind: string
  channel_id?: string
  parent_id?: string
  opening: Record<string, unknown>
}

export const open = (body: Opening) => ask<Matter>(raw.POST('/api/v1/matters', { body }))

export const fetchMessages: Fetch<Message> = ({ limit, cursor }) =>
  ask<PageOf<Message>>(raw.GET('/api/v1/messages', { params: { query: { limit, cursor } } }))

export const readMessage = (message_id: string) =>
  ask<Message>(raw.POST('/api/v1/messages/{message_id}/read', { params: { path: { message_id } } }))
