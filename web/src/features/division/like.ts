// Looking a division up.

import type { Schemas } from '../../api/client'

type Division = Schemas['DivisionView']

export const levelOf = (code: string): 'province' | 'prefecture' => (code.endsWith('0000') ? 'province' : 'prefecture')

type Former = Schemas['FormerDivision']

/** Of those that are no more: whose code or name has what is sought, or a successor's name. */
export function formerLike(all: Former[], sought: string, whole: (code: string) => string): Former[] {
  const words = sought.trim().toLowerCase()
  const has = (text: string) => text.toLowerCase().includes(words)
  return all.filter(({ code, name, successors }) => code.startsWith(words) || has(name) || successors.some((one) => has(whole(one))))
}

/** Those whose code begins with what is sought, or whose name, in either language or with its province before it, has it. */
export function like(all: Division[], sought: string, whole: (code: string) => string): Division[] {
  const words = sought.trim().toLowerCase()
  if (words === '') return all
  const has = (text: string | null | undefined) => text?.toLowerCase().includes(words) ?? false
  return all.filter(({ code, name, name_en }) => code.startsWith(words) || has(name) || has(name_en) || has(whole(code)))
}
