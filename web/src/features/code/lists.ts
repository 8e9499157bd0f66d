// The codes that the interfaces, the exported files and the pages share, by what they are codes of. Each list names every value of its
// type: one that is added or taken away does not compile until the list knows it.

import type { Schemas } from '../../api/client'

export interface CodeList {
  /** Under which its words stand; also what the list is called. */
  family: Family
  codes: string[]
  /** The clause that names these things. */
  clause?: string
}

export type Family =
  | 'class'
  | 'form'
  | 'mode'
  | 'step'
  | 'system'
  | 'family'
  | 'grade_means'
  | 'report_item'
  | 'party'
  | 'org_kind'
  | 'registration'
  | 'key_state'
  | 'message_category'
  | 'event'

const all = <Code extends string>(codes: Record<Code, true>) => Object.keys(codes)

export const LISTS: CodeList[] = [
  { family: 'class', codes: all<Schemas['ChannelClass']>({ hrss: true, government: true, national_signed: true, bank: true, medical: true, social: true }), clause: 'CH-3.0' },
  { family: 'form', codes: all<Schemas['ChannelForm']>({ app: true, official_account: true, life_account: true, mini_program: true, other: true }), clause: 'CH-8.3b' },
  { family: 'mode', codes: all<Schemas['ChannelAccessMode']>({ sdk: true, h5: true }), clause: 'CH-8.3a' },
  { family: 'step', codes: all<Schemas['ApplicationStep']>({ enter: true, issue: true, change_password: true, reset_password: true, unbind: true, exit: true }), clause: 'CH-F3.5' },
  { family: 'system', codes: all<Schemas['ApplicationSystem']>({ ios: true, android: true }), clause: 'CH-F3.4' },
  { family: 'family', codes: all<Schemas['ServiceFamily']>({ issuance: true, identity: true, query: true, application: true, payment: true }), clause: 'ND-3.3b' },
  { family: 'grade_means', codes: all<Schemas['RiskEventGrade']>({ '1': true, '2': true, '3': true }), clause: 'CH-31.0' },
  { family: 'report_item', codes: all<Schemas['SecurityReportItem']>({ cnas: true, cma: true, risk_assessment: true, cryptography: true, specification: true, tested_on: true, scope: true, document: true, retest: true }), clause: 'CH-28.3' },
  { family: 'party', codes: all<Schemas['MatterParty']>({ owner: true, prefecture: true, province: true, ministry: true, operator: true, platform: true }) },
  { family: 'org_kind', codes: all<Schemas['OrgKind']>({ ministry: true, province: true, prefecture: true, operator: true, channel_owner: true, department: true, lab: true }) },
  { family: 'registration', codes: all<Schemas['RegistrationState']>({ waiting: true, confirmed: true, declined: true, opened: true, lapsed: true }) },
  { family: 'key_state', codes: all<Schemas['KeyState']>({ active: true, retiring: true, retired: true, revoked: true }) },
  { family: 'message_category', codes: all<Schemas['MessageCategory']>({ access: true, running: true, security: true, exit: true, platform: true }) },
  { family: 'event', codes: all<Schemas['EventType']>({ 'ecard.state_changed': true, 'payment.succeeded': true, 'payment.failed': true, 'payment.refunded': true, 'matter.waiting': true, 'matter.due_soon': true, 'notice.issued': true, 'channel.suspended': true, 'channel.resumed': true, 'key.expiring': true, 'webhook.address_changed': true, 'webhook.challenge': true, 'webhook.test': true }) },
]

/** The lists, and of each the codes, that have what is sought in code or name; a list whose title has it stays whole. */
export function seek(sought: string, title: (family: Family) => string, name: (family: Family, code: string) => string): CodeList[] {
  const words = sought.trim().toLowerCase()
  const has = (text: string) => text.toLowerCase().includes(words)
  return LISTS.flatMap((list) => {
    const codes = has(title(list.family)) ? list.codes : list.codes.filter((code) => has(code) || has(name(list.family, code)))
    return codes.length > 0 ? [{ ...list, codes }] : []
  })
}
