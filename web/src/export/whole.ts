// Which lists the platform makes a file of, and how far such a file has come.

import type { Schemas } from '../api/client'

/** Most rows that a page exports at once. */
export const MOST_AT_ONCE = 5000

/** Most rows that the platform makes a PDF of. */
export const MOST_PRINTED = 5000

export type Made = Schemas['ExportView']

/** What the platform is asked for: the filter is the list's own, as its operation takes it. */
export type Whole = Pick<Schemas['CreateExport'], 'list' | 'object_id'> & { filter: Record<string, string | boolean> }

/** Whether something still comes. */
export const isUnderWay = ({ state }: Made): boolean => state === 'waiting' || state === 'running'

/** What narrows a list, without what is not set. */
export function given(filter: Record<string, string | boolean | undefined>): Record<string, string | boolean> {
  const set = Object.entries(filter).filter((pair): pair is [string, string | boolean] => pair[1] !== undefined && pair[1] !== '')
  return Object.fromEntries(set)
}
