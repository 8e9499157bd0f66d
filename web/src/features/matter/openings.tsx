// What opens matters: who may begin which, and what each asks.

import type { ComponentType } from 'react'
import type { Schemas } from '../../api/client'
import type { Key } from '../../i18n'
import { Coming } from '../../parts/coming'
import { lazily } from '../../parts/lazily'
import { type Asked, CAMPAIGN, FORCED_EXIT, KEY_CHANGE, KEY_ROTATION, ORDERED_TEST, OWN_TEST, RISK_EVENT, TICKET, VOLUNTARY_EXIT } from './asked'

export interface Opener {
  kind: string
  /** Who may open one; the platform checks it again. */
  roles: string[]
  /** It may be about no channel in particular. */
  isForNobody?: boolean
  /** Away from a channel's page it goes to many channels at once. */
  hasAudience?: boolean
  /** Whom it goes to may be narrowed by the age of their keys. */
  hasKeyAge?: boolean
  /** It is about one's own organisation and no channel. */
  isOfOrg?: boolean
  /** Begun on the page of the channel that it is about, or only elsewhere; without it anywhere. */
  where?: 'channel' | 'elsewhere'
  /** What the platform does not say of its kind as a whole: of which channels this one may be begun. */
  admits?: (channel: Schemas['ChannelView']) => boolean
  /** What it is called, where the name of its kind says too little. */
  label?: Key
  /** It has a page of its own instead of a dialog. */
  page?: (channel_id: string | undefined) => string
  Fields?: ComponentType<{ channel_id?: string }>
  /** What its dialog asks, when it is a mere list. */
  asked?: Asked[]
}

const OWNER = ['channel_admin']
const OPERATOR = ['operator_admin', 'operator_clerk']

const MINISTRY = ['ministry_reviewer']

const CallbackFields = lazily(async () => (await import('../webhook/change_fields')).ChangeFields, <Coming />)

export const CHANGES_KEY: Opener = { kind: 'key_change', roles: OWNER, asked: KEY_CHANGE }

/** CH-16.3: another callback address, beside the live service. */
export const CHANGES_CALLBACK: Opener = { kind: 'callback_change', roles: OWNER, where: 'channel', Fields: CallbackFields }

/** CH-15.1, CH-11.2: a change is of a live channel and begun by whoever begins its exit. */
const isChanged = ({ phase, opens }: Schemas['ChannelView']) => phase === 'live' && opens.includes('exit')

const Suggestion = lazily(async () => (await import('./opening_forms')).Suggestion, <Coming />)
const Maintenance = lazily(async () => (await import('./opening_forms')).Maintenance, <Coming />)
const Contact = lazily(async () => (await import('./opening_forms')).Contact, <Coming />)
const SigningKey = lazily(async () => (await import('./opening_forms')).SigningKey, <Coming />)
const NoticeFields = lazily(async () => (await import('../notice/notice_fields')).NoticeFields, <Coming />)
const OfferFields = lazily(async () => (await import('../template/take')).OfferFields, <Coming />)
const AmendmentFields = lazily(async () => (await import('../template/take')).AmendmentFields, <Coming />)

export const OPENERS: Opener[] = [
  { kind: 'application', roles: OWNER, where: 'elsewhere', page: () => '/applications/new' },
  { kind: 'application', roles: OWNER, where: 'channel', label: 'open.change', admits: isChanged, page: (channel_id) => `/applications/new?change=${channel_id}` },
  { kind: 'application', roles: OWNER, where: 'channel', label: 'open.contact', Fields: Contact },
  { kind: 'maintenance', roles: OWNER, Fields: Maintenance },
  { kind: 'campaign', roles: OWNER, asked: CAMPAIGN },
  { kind: 'security_report', roles: OWNER, asked: OWN_TEST },
  { kind: 'security_report', roles: OPERATOR, asked: ORDERED_TEST },
  { kind: 'risk_event', roles: [...OWNER, ...OPERATOR, ...MINISTRY], asked: RISK_EVENT },
  { kind: 'ticket', roles: OWNER, asked: TICKET },
  { kind: 'suggestion', roles: OWNER, Fields: Suggestion },
  { kind: 'signing_key', roles: OWNER, where: 'elsewhere', isOfOrg: true, Fields: SigningKey },
  CHANGES_KEY,
  CHANGES_CALLBACK,
  { kind: 'exit', roles: OWNER, asked: VOLUNTARY_EXIT },
  { kind: 'exit', roles: OPERATOR, asked: FORCED_EXIT },
  { kind: 'agreement', roles: OPERATOR, Fields: OfferFields },
  { kind: 'agreement', roles: OPERATOR, where: 'elsewhere', label: 'sending.amendment', hasAudience: true, Fields: AmendmentFields },
  { kind: 'notice', roles: OPERATOR, hasAudience: true, Fields: NoticeFields },
  { kind: 'key_rotation', roles: OPERATOR, hasAudience: true, hasKeyAge: true, asked: KEY_ROTATION },
]
