// The causes of a risk event with the grade that each has by the article (CH-31): the grade is not chosen, it follows.

export type Grade = '1' | '2' | '3'

export interface Cause {
  cause: string
  grade: Grade
  /** Something was passed on: to whom has to be said. */
  hasRecipient?: boolean
}

export const CAUSES: Cause[] = [
  { cause: 'functional_upgrade_missed', grade: '1' },
  { cause: 'page_tampering', grade: '1' },
  { cause: 'interface_overstepped', grade: '2' },
  { cause: 'interface_to_related', grade: '2', hasRecipient: true },
  { cause: 'identity_to_related', grade: '2', hasRecipient: true },
  { cause: 'security_upgrade_missed', grade: '2' },
  { cause: 'ordinary_leak', grade: '2' },
  { cause: 'interface_to_third', grade: '3', hasRecipient: true },
  { cause: 'identity_to_third', grade: '3', hasRecipient: true },
  { cause: 'credentials_handed_over', grade: '3', hasRecipient: true },
  { cause: 'data_retained', grade: '3' },
  { cause: 'credential_stuffing', grade: '3' },
  { cause: 'key_loss_or_major_leak', grade: '3' },
  { cause: 'law_broken', grade: '3' },
]

export const GRADES: Grade[] = ['1', '2', '3']

export function causeOf(cause: unknown): Cause | undefined {
  return CAUSES.find((one) => one.cause === cause)
}

/** What a grade withholds is a choice for grade 1 only; the others withhold everything. */
export const isPartial = (grade: Grade | undefined): boolean => grade === '1'
