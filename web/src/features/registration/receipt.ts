// The receipt as one text that a person can keep: which registration, and the secret that shows it is theirs.

export interface Receipt {
  registration_id: string
  receipt: string
}

export function written({ registration_id, receipt }: Receipt): string {
  return `${registration_id}.${receipt}`
}

/** Reads what a person kept, with the blanks that copying brings. */
export function readReceipt(text: string): Receipt | null {
  const [registration_id = '', receipt = '', ...more] = text.replaceAll(/\s/g, '').split('.')
  return /^reg_[0-9a-z]{26}$/.test(registration_id) && receipt !== '' && more.length === 0 ? { registration_id, receipt } : null
}
