// Sendings: what is put to many channels at once, as the platform tells it.

import { api, ask, type Schemas } from '../../api/client'
import type { Fetch } from '../../parts/walk'
import { answered, fresh, keyOf } from './key'

export type Audience = Schemas['Audience']
export type Sent = Schemas['Sent']
export type LeftOut = Schemas['LeftOut']
export type Sending = Schemas['SendingView']
export type Entry = Schemas['SendingEntry']
export type Counts = Schemas['SendingCounts']
/** What is put to them is described for each kind; a form makes it field by field. */
type Told = Record<string, unknown>

/** Whether it is done, or only tried. */
export type Run = 'real' | 'dry'

/** Sends it under the key of its content; a dry run needs one too, and any will do. */
async function put<T>(content: unknown, run: Run, send: (params: { header: { 'idempotency-key': string }; query: { dry_run?: boolean } }) => Promise<T>): Promise<T> {
  if (run === 'dry') return send({ header: { 'idempotency-key': fresh() }, query: { dry_run: true } })
  const sent = await send({ header: { 'idempotency-key': keyOf(content, sessionStorage) }, query: {} })
  answered(sessionStorage)
  return sent
}

/** When it begins; at once without it. */
export type Moment = string | undefined

/** One notice to every channel of an audience, a matter for each. */
export const sendNotice = (audience: Audience, opening: Told, send_at: Moment, run: Run) =>
  put(['notice', audience, opening, send_at], run, (params) =>
    ask(api.POST('/api/v1/notices', { params, body: { audience, opening, send_at } as Schemas['SendNotice'] })),
  )

/** Another text of the agreement to every channel of an audience that has one in force. */
export const sendAmendment = (audience: Audience, amendment: Told, send_at: Moment, run: Run) =>
  put(['amendment', audience, amendment, send_at], run, (params) =>
    ask(api.POST('/api/v1/amendments', { params, body: { audience, amendment, send_at } as Schemas['SendAmendment'] })),
  )

/** Another key is asked for of every channel of an audience that has one of the usage. */
export const sendKeyRotation = (audience: Audience, opening: Told, send_at: Moment, run: Run) =>
  put(['key_rotation', audience, opening, send_at], run, (params) =>
    ask(api.POST('/api/v1/key-rotations', { params, body: { audience: { ...audience, registered_before: audience.registered_before || undefined }, opening, send_at } as Schemas['SendKeyRotation'] })),
  )

export const fetchSendings: Fetch<Sending> = ({ limit, cursor }) =>
  ask(api.GET('/api/v1/sendings', { params: { query: { limit, cursor } } }))

export const askSending = (sending_id: string) =>
  ask(api.GET('/api/v1/sendings/{sending_id}', { params: { path: { sending_id } } }))

/** Takes back what is planned and has not begun. */
export const cancelSending = async (sending_id: string) => {
  const cancelled = await ask(api.POST('/api/v1/sendings/{sending_id}/cancel', { params: { path: { sending_id } } }))
  // The same words again are another sending, whether or not the answer to the first had come.
  answered(sessionStorage)
  return cancelled
}

/** Reminds everybody who has not answered, each once a day. */
export const remindSending = (sending_id: string) =>
  ask(api.POST('/api/v1/sendings/{sending_id}/reminders', { params: { path: { sending_id } } }))
