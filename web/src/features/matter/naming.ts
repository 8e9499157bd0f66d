// Which words of the dictionary name the fields of a matter and their values.

import { states } from '../../i18n/words/states'

/** Fields whose values are those of another field. */
const SAME: Record<string, string> = {
  suspected: 'cause',
  suggested: 'grade',
  containment: 'withheld',
  opinion: 'stance',
}

/** Says a value of a family in words; the value itself when the family has none for it. */
export type Say = (family: string, value: string) => string

/** The name of a field: of this kind, or of all kinds; the field itself when nobody has named it. */
export function labelOf(say: Say, kind: string, field: string): string {
  const own = say(`field.${kind}`, field)
  return own === field ? say('field', field) : own
}

/** What people call a field wherever it lies: `regions`, 1, `users`. */
export function fieldOf(say: Say, kind: string, at: (string | number)[]): string {
  const names = at.filter((part) => typeof part === 'string')
  const row = at.findLast((part) => typeof part === 'number')
  const field = names.at(-1) ?? ''
  const place = names.slice(-2).join('.')
  const own = kind === 'application' ? say('application', place) : place
  return `${own === place ? labelOf(say, kind, field) : own}${row === undefined ? '' : ` ${Number(row) + 1}`}`
}

/** A value of a field in words; the value itself when it is no word of the rules. */
export function wordOf(say: Say, kind: string, field: string, value: string): string {
  if (field === 'party') return say('party', value)
  if (field === 'events') return say('event', value)
  if (field === 'before') return say(`state.${kind}`, value)
  if (field === 'acts') return say(`act.${kind}`, value)
  return say(`word.${SAME[field] ?? field}`, value)
}

/** The states of a kind, in the order in which a matter passes through them. */
export function statesOf(kind: string): string[] {
  const family = `state.${kind}.`
  return Object.keys(states).flatMap((key) => (key.startsWith(family) ? [key.slice(family.length)] : []))
}

/** What the silence of whoever is asked for something is taken for; null where nothing is said of that. */
export function silenceOf(say: Say, kind: string, task: string): string | null {
  const said = say(`silence.${kind}`, task)
  return said === task ? null : said
}

/** What is waited for, in words; the words of one kind before those of all. */
export function taskOf(say: Say, kind: string, task: string): string {
  const own = say(`task.${kind}`, task)
  return own === task ? say('task', task) : own
}
