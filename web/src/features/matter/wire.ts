// Matters as the platform tells them, and the ways to ask for them.

import { api, ask, type Schemas } from '../../api/client'
import { type Fetch, walk } from '../../parts/walk'
import { narrowing } from './narrowing'

/** The body is described for each kind (`ApplicationBody`, …): the pages of a kind say whose it is. */
export type Matter = Omit<Schemas['MatterView'], 'body'> & { body?: unknown }
export type Wait = Schemas['MatterWait']
export type Message = Schemas['MessageView']
export type Colleague = Schemas['Colleague']
export type Advice = Schemas['AdviceView']
/** In whose hands the own office has it, beside what waits. */
export type Waiting = { wait: Wait; matter: Matter; assignee?: Colleague | null }
/** What a kind begins with is described for each kind (`OpenApplication`, …); a form makes it field by field. */
export type Opening = { kind: string; channel_id?: string; parent_id?: string; opening: Record<string, unknown> }

export const fetchMatters: Fetch<Matter> = ({ limit, cursor, values }) =>
  ask(api.GET('/api/v1/matters', { params: { query: { limit, cursor, ...narrowing(values) } } }))

/** Most matters of one channel that are shown. */
const MOST_OF_CHANNEL = 200

/** The matters of a channel, the newest first. */
export const mattersOf = (channel_id: string) => ({
  queryKey: ['matter', 'of', channel_id],
  queryFn: () =>
    walk<Matter>({ fetch: fetchMatters, filters: [], values: { channel_id } }, { from: undefined, want: MOST_OF_CHANNEL }),
})

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

/** Acts on a matter; a dry run says how it would stand and does nothing. */
export const act = ({ matter_id, version }: Matter, action: string, input: Record<string, unknown>, isDry = false) => {
  const query = isDry ? { dry_run: true } : {}
  const params = { path: { matter_id }, header: { 'If-Match': `"${version}"` }, query }
  // What an action brings is described for each kind (`ApplicationInput`, …); a form makes it field by field.
  const body = { ...input, action } as Schemas['ActOnMatter']
  return ask(api.POST('/api/v1/matters/{matter_id}/actions', { params, body }))
}

export const open = (body: Opening) => ask(api.POST('/api/v1/matters', { body: body as Schemas['OpenMatter'] }))

/** Puts a matter into the hands of somebody of the own office; of nobody, lays it down. */
export const assign = ({ matter_id }: Matter, staff_id: string | undefined, words: string | undefined) =>
  ask(api.POST('/api/v1/matters/{matter_id}/assignments', { params: { path: { matter_id } }, body: { staff_id, words } }))

export const askAdvice = ({ matter_id }: Matter, body: Schemas['AskAdvice']) =>
  ask(api.POST('/api/v1/matters/{matter_id}/advice', { params: { path: { matter_id } }, body }))

export const answerAdvice = ({ matter_id }: Matter, { advice_id }: Advice, body: Schemas['AnswerAdvice']) =>
  ask(api.POST('/api/v1/matters/{matter_id}/advice/{advice_id}/answer', { params: { path: { matter_id, advice_id } }, body }))

export const withdrawAdvice = ({ matter_id }: Matter, { advice_id }: Advice, words: string) =>
  ask(api.POST('/api/v1/matters/{matter_id}/advice/{advice_id}/withdrawal', { params: { path: { matter_id, advice_id } }, body: { words } }))

export const fetchMessages: Fetch<Message> = ({ limit, cursor, values: { category } }) =>
  ask(api.GET('/api/v1/messages', { params: { query: { limit, cursor, category } } }))

export const askUnread = async () => (await ask(api.GET('/api/v1/messages/unread'))).unread

export const readMessages = () => ask(api.POST('/api/v1/messages/read'))

/** Reminds those for whom a matter waits, once a day. */
export const remind = ({ matter_id }: Matter, { party, division }: Wait) => {
  const body = { party, division: division ?? undefined }
  return ask(api.POST('/api/v1/matters/{matter_id}/reminders', { params: { path: { matter_id } }, body }))
}

export const readMessage = (message_id: string) =>
  ask(api.POST('/api/v1/messages/{message_id}/read', { params: { path: { message_id } } }))

/** Whether a matter tells of single people: a photograph of theirs says where it was taken, and is sent without that. */
export const isScrubbed = ({ kind }: Matter): boolean => kind === 'ticket'
