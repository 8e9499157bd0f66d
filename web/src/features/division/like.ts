// Looking a division up.

import type { Schemas } from '../../api/client'

type Division = Schemas['DivisionView']

export const levelOf = (code: string): 'province' | 'prefecture' => (code.endsWith('0000') ? 'province' : 'prefecture')

/** Those whose code begins with what is sought, or whose name, in either language or with its province before it, has it. */
export function like(all: Division[], sought: string, whole: (code: string) => string): Division[] {
  const words = sought.trim().toLowerCase()
  if (words === '') return all
  const has = (text: string | null | undefined) => text?.toLowerCase().includes(words) ?? false
  return all.filter(({ code, name, name_en }) => code.startsWith(words) || has(name) || has(name_en) || has(whole(code)))
}
