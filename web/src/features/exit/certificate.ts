// The certificate of deletion (CH-36.1) as the text that is signed: the platform reads the same fields out of it.

export const CATEGORIES = ['identity', 'contact', 'biometric', 'credential', 'usage', 'backup']

/** What the owner says about the deletion. */
export interface Deletion {
  deleted_on?: string
  categories?: string[]
  statement?: string
  signed_by?: string
}

/** The text to be signed, once everything is said. */
export function documentOf(channel: string, exit: string, told: Deletion | undefined): string | null {
  const { deleted_on, categories = [], statement = '', signed_by = '' } = told ?? {}
  if (!deleted_on || categories.length === 0 || !statement.trim() || !signed_by.trim()) return null
  return JSON.stringify({ channel, exit, deleted_on, categories, statement: statement.trim(), signed_by: signed_by.trim() })
}
