// What opening a matter and acting on it ask for, field by field, exactly as the rules read it: they refuse a field that
// they do not know. Words are asked by the dialog of an action itself.

/** One thing that is asked. */
export interface Asked {
  /** Where the rules read it, as in `['report', 'lab', 'name']`. */
  at: (string | number)[]
  as: 'line' | 'text' | 'day' | 'moment' | 'count' | 'flag' | 'choice' | 'choices' | 'lines' | 'withheld' | 'fixed' | 'file' | 'files' | 'template'
  /** The words to choose among, the one value of what is fixed, or what a file is for. */
  of?: readonly (string | number)[]
  isOptional?: boolean
}

export interface About {
  body: Record<string, unknown>
}

const CAUSES = [
  'functional_upgrade_missed',
  'page_tampering',
  'interface_overstepped',
  'interface_to_related',
  'identity_to_related',
  'security_upgrade_missed',
  'ordinary_leak',
  'interface_to_third',
  'identity_to_third',
  'credentials_handed_over',
  'data_retained',
  'credential_stuffing',
  'key_loss_or_major_leak',
  'law_broken',
] as const
const INCIDENTS = ['key_loss', 'data_leak', 'tampering', 'missed_upgrade', 'misuse', 'other'] as const
const INVOLVED = ['key_material', 'biometric_template', 'personal_data'] as const
const GROUNDS = ['grade_three', 'agreement', 'security_report', 'monitoring', 'reputation'] as const
const QUALIFICATIONS = ['cnas', 'cma', 'risk_assessment', 'cryptography'] as const

/** A text is taken from a template or written: the form of `template/take` asks for one of the two. */
const AGREEMENT_TEXT: Asked[] = [
  { at: ['template'], as: 'template', isOptional: true },
  { at: ['version'], as: 'line' },
  { at: ['text'], as: 'text' },
]

export const AMENDED_TEXT: Asked[] = [...AGREEMENT_TEXT, { at: ['effective_on'], as: 'day' }]

/** Another text for many channels at once (CH-25.1). */
export const AMENDMENT: Asked[] = [...AMENDED_TEXT, { at: ['words'], as: 'text' }]

const SIGNATURE = (...above: string[]): Asked[] => [
  { at: [...above, 'public_key'], as: 'line' },
  { at: [...above, 'signature'], as: 'line' },
]

/** CH-29: a laboratory shows four qualifications. */
const REPORT: Asked[] = [
  { at: ['report', 'number'], as: 'line' },
  { at: ['report', 'lab', 'name'], as: 'line' },
  ...QUALIFICATIONS.flatMap((kind, row): Asked[] => [
    { at: ['report', 'lab', 'qualifications', row, 'kind'], as: 'fixed', of: [kind] },
    { at: ['report', 'lab', 'qualifications', row, 'number'], as: 'line' },
    { at: ['report', 'lab', 'qualifications', row, 'valid_from'], as: 'day' },
    { at: ['report', 'lab', 'qualifications', row, 'valid_to'], as: 'day' },
  ]),
  { at: ['report', 'specification'], as: 'line' },
  { at: ['report', 'specification_version'], as: 'line' },
  { at: ['report', 'tested_on'], as: 'day' },
  { at: ['report', 'scope'], as: 'text' },
  { at: ['report', 'is_reused'], as: 'flag' },
  { at: ['report', 'outcome'], as: 'choice', of: ['passed', 'failed'] },
  { at: ['report', 'file'], as: 'file', of: ['security_report'] },
]

/** CH-11.4d: one row for each level-2 channel that the month is reported of. */
function rowsOf({ body }: About): Asked[] {
  const channels = Array.isArray(body.channels) ? (body.channels as string[]) : []
  return channels.flatMap((channel, row): Asked[] => [
    { at: ['rows', row, 'channel'], as: 'fixed', of: [channel] },
    { at: ['rows', row, 'issuance'], as: 'count' },
    { at: ['rows', row, 'active'], as: 'count' },
    { at: ['rows', row, 'uses'], as: 'count' },
  ])
}

/** CH-34.1, CH-34.2: how holders were prompted, and to which channels. */
export const PROMPT: Asked[] = [
  { at: ['prompt', 'prompted_on'], as: 'day' },
  { at: ['prompt', 'reached'], as: 'count' },
  { at: ['prompt', 'words'], as: 'text' },
  { at: ['prompt', 'successors'], as: 'lines' },
  { at: ['prompt', 'files'], as: 'files', of: ['user_prompt'] },
]

/** By `kind.action`. */
const ACTIONS: Record<string, Asked[] | ((about: About) => Asked[])> = {
  'agreement.sign': SIGNATURE(),
  'agreement.file_paper': [{ at: ['files'], as: 'files', of: ['stamped_scan'] }],
  'agreement.accept_paper': [{ at: ['seen_on'], as: 'day' }],
  'signing_key.file': SIGNATURE(),
  'signing_key.confirm': [{ at: ['fingerprint'], as: 'line' }],
  'key_change.file': SIGNATURE(),
  'key_change.confirm': [{ at: ['fingerprint'], as: 'line' }],
  'agreement.amend': [...AGREEMENT_TEXT, { at: ['effective_on'], as: 'day' }],
  'security_report.submit': REPORT,
  'risk_event.contain': [{ at: ['withheld'], as: 'withheld' }],
  'risk_event.propose': [
    { at: ['cause'], as: 'choice', of: CAUSES },
    { at: ['withheld'], as: 'withheld', isOptional: true },
    { at: ['recipient', 'name'], as: 'line', isOptional: true },
    { at: ['recipient', 'number'], as: 'line', isOptional: true },
    { at: ['is_crime_suspected'], as: 'flag' },
  ],
  'risk_event.rectify': [{ at: ['report'], as: 'file', of: ['retest_report'], isOptional: true }],
  'risk_event.propose_decision': [{ at: ['decision'], as: 'choice', of: ['renew', 'raise', 'force_exit'] }],
  'monitoring.propose_outcome': [{ at: ['outcome'], as: 'choice', of: ['lifted', 'warned'] }],
  'exit.consult': [{ at: ['due_on'], as: 'day' }],
  'exit.reply': [{ at: ['stance'], as: 'choice', of: ['agree', 'conditional', 'disagree'] }],
  'exit.prompt': PROMPT,
  'exit.announce': [
    { at: ['announcement', 'url'], as: 'line' },
    { at: ['announcement', 'from_on'], as: 'day' },
    { at: ['announcement', 'until_on'], as: 'day' },
  ],
  'exit.certify': [{ at: ['certificate', 'document'], as: 'text' }, ...SIGNATURE('certificate')],
  'campaign.revise': [{ at: ['wording'], as: 'text' }],
  'rectification.answer': [{ at: ['files'], as: 'files', of: ['rectification'] }],
  'rectification.ask_time': [{ at: ['days'], as: 'count' }],
  'rectification.return': [{ at: ['days'], as: 'count', isOptional: true }],
  'ticket.close': [{ at: ['satisfaction'], as: 'choice', of: [5, 4, 3, 2, 1] }],
  'filing.report': rowsOf,
}

/** What an action asks for besides words; nothing when it is not described here. */
export function askedBy(kind: string, action: string, about: About): Asked[] | undefined {
  const asked = ACTIONS[`${kind}.${action}`]
  return typeof asked === 'function' ? asked(about) : asked
}

/** What a risk event begins with (CH-27.2). */
export const RISK_EVENT: Asked[] = [
  { at: ['incident'], as: 'choice', of: INCIDENTS },
  { at: ['discovered_at'], as: 'moment' },
  { at: ['words'], as: 'text' },
  { at: ['involves'], as: 'choices', of: INVOLVED, isOptional: true },
  { at: ['suspected'], as: 'choice', of: CAUSES, isOptional: true },
  { at: ['containment'], as: 'withheld', isOptional: true },
  { at: ['notice'], as: 'line', isOptional: true },
]

/** A test that the owner begins, and one that the operator orders (CH-28). */
export const OWN_TEST: Asked[] = [{ at: ['occasion'], as: 'choice', of: ['first', 'annual', 'upgrade'] }]
export const ORDERED_TEST: Asked[] = [
  { at: ['occasion'], as: 'choice', of: ['first', 'annual', 'upgrade', 'retest', 'spot'] },
  { at: ['due_on'], as: 'day' },
  { at: ['words'], as: 'text' },
]

export const VOLUNTARY_EXIT: Asked[] = [
  { at: ['voluntary', 'planned_on'], as: 'day' },
  { at: ['voluntary', 'reason'], as: 'text' },
  { at: ['voluntary', 'special_reason'], as: 'text', isOptional: true },
]
export const FORCED_EXIT: Asked[] = [
  { at: ['forced', 'ground'], as: 'choice', of: GROUNDS },
  { at: ['forced', 'words'], as: 'text' },
  { at: ['forced', 'evidence'], as: 'line', isOptional: true },
  { at: ['forced', 'transition_until'], as: 'day', isOptional: true },
]

export const AGREEMENT: Asked[] = [...AGREEMENT_TEXT, { at: ['from'], as: 'day' }, { at: ['until'], as: 'day' }]

/** The next key of a channel (CH-26.2). */
export const KEY_CHANGE: Asked[] = [
  { at: ['usage'], as: 'choice', of: ['caller', 'encrypt'] },
  { at: ['label'], as: 'line' },
]

/** Another key that is asked for by a day (CH-26.2). */
export const KEY_ROTATION: Asked[] = [
  { at: ['usage'], as: 'choice', of: ['caller', 'encrypt'] },
  { at: ['subject'], as: 'line' },
  { at: ['words'], as: 'text' },
  { at: ['rotate_by'], as: 'day' },
  { at: ['ends_old'], as: 'flag' },
]

export const CAMPAIGN: Asked[] = [
  { at: ['subject'], as: 'line' },
  { at: ['words'], as: 'text' },
  { at: ['wording'], as: 'text', isOptional: true },
  { at: ['starts_on'], as: 'day' },
  { at: ['ends_on'], as: 'day' },
]

export const TICKET: Asked[] = [
  { at: ['category'], as: 'choice', of: ['user', 'common', 'public_opinion', 'malicious'] },
  { at: ['subject'], as: 'line' },
  { at: ['words'], as: 'text' },
  { at: ['holder', 'name'], as: 'line', isOptional: true },
  { at: ['holder', 'document'], as: 'line', isOptional: true },
  { at: ['request'], as: 'line', isOptional: true },
]
