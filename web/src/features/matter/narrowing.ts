// What of a list's filters the platform knows; the page applies the others itself.

import { given } from '../../export/whole'
import type { Values } from '../../parts/walk'

/** What the platform can narrow a list to by a last day. */
const NARROWED = ['overdue', 'soon']

/** The parameters that the platform is asked with. */
export function narrowing({ ended, due, kind, state, grade, channel_id, mine, waits }: Values) {
  const narrowed = due !== undefined && NARROWED.includes(due) ? due : undefined
  return { kind, state, grade, channel_id, mine, waits, due: narrowed, ended: ended === undefined ? undefined : ended === 'true' }
}

/** The same for a file of the whole list; none when one of the filters is the page's own. */
export function wholeMatters(values: Values): Record<string, string | boolean> | undefined {
  const isOwn = values.q !== undefined || (values.due !== undefined && !NARROWED.includes(values.due))
  return isOwn ? undefined : given(narrowing(values))
}
