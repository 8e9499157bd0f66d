// Sendings: what is put to many channels at once, as the platform tells it.

import { api, ask, type Schemas } from '../../api/client'
import type { Fetch } from '../../parts/walk'

export type Audience = Schemas['Audience']
export type Sent = Schemas['Sent']
export type Sending = Schemas['SendingView']
export type Entry = Schemas['SendingEntry']
export type Counts = Schemas['SendingCounts']
/** What is put to them is described for each kind; a form makes it field by field. */
type Told = Record<string, unknown>

/** Whether it is done, or only tried. */
export type Run = 'real' | 'dry'

const queryOf = (run: Run) => (run === 'dry' ? { dry_run: true } : {})

/** One notice to every channel of an audience, a matter for each. */
export const sendNotice = (audience: Audience, opening: Told, run: Run) =>
  ask(api.POST('/api/v1/notices', { params: { query: queryOf(run) }, body: { audience, opening } as Schemas['SendNotice'] }))

/** Another text of the agreement to every channel of an audience that has one in force. */
export const sendAmendment = (audience: Audience, amendment: Told, run: Run) =>
  ask(api.POST('/api/v1/amendments', { params: { query: queryOf(run) }, body: { audience, amendment } as Schemas['SendAmendment'] }))

export const fetchSendings: Fetch<Sending> = ({ limit, cursor }) =>
  ask(api.GET('/api/v1/sendings', { params: { query: { limit, cursor } } }))

export const askSending = (sending_id: string) =>
  ask(api.GET('/api/v1/sendings/{sending_id}', { params: { path: { sending_id } } }))

/** Reminds everybody who has not answered, each once a day. */
export const remindSending = (sending_id: string) =>
  ask(api.POST('/api/v1/sendings/{sending_id}/reminders', { params: { path: { sending_id } } }))
