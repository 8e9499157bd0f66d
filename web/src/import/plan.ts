// What an import is made of, and how its rows go to the platform: described once for each noun, run here for all.
//
// Whether a row is right is the platform's to say, and it says it by doing everything but keeping it. Here is only what
// the platform never sees: which column is which, what is no number at all, and a key that the file has twice.

import type { Language } from '../app/preferences'
import type { Key } from '../i18n'
import { between } from '../i18n/between'
import { importing } from '../i18n/words/importing'
import type { Sheet } from '../export/xlsx'
import type { Line, Table } from './table'

export interface Column {
  /** As the platform names it. */
  field: string
  /** Its header, which is recognised in both languages; a word of imports, so that no others come along. */
  title: keyof typeof importing
  /** What belongs in it. */
  hint: Key
  isRequired?: boolean
  isNumber?: boolean
}

export type Values = Record<string, string>

export interface Fault {
  /** The field that is wrong; the row as a whole without it. */
  field?: string
  message: string
}

export interface Verdict {
  outcome: 'inserted' | 'updated' | 'unchanged' | 'refused'
  faults: Fault[]
}

/** What the platform says of some rows. */
export interface Told {
  verdicts: Verdict[]
  /** What is wrong with the file and with no row of it. */
  whole?: string[]
}

export interface Import {
  columns: Column[]
  /**
   * By which a row is known: the first of these sets of columns that it has all of. No two rows of a file are the same in
   * it.
   */
  keys?: string[][]
  /** Most rows that go in one request, and in one file. */
  chunk: number
  most: number
  /** All rows or none; otherwise good rows are kept beside bad ones. */
  isWhole?: boolean
  /** What the template has been filled in with already. */
  filled?: Values[]
  /** Asks what would become of rows, or does it. */
  send: (rows: Values[], how: { isDry: boolean; signal: AbortSignal }) => Promise<Told>
}

/** What a file has, however its rows are sent. */
export type Shape = Omit<Import, 'send'>

/** What the platform says of a batch. */
export function told({ results }: { results: { outcome: Verdict['outcome']; errors?: Fault[] }[] }): Told {
  return { verdicts: results.map(({ outcome, errors = [] }) => ({ outcome, faults: errors })) }
}

export interface Row extends Line {
  values: Values
  /** What is wrong before the platform is asked. */
  faults: Fault[]
}

export interface Sheaf {
  head: string[]
  /** Where each field stands. */
  places: Map<string, number>
  rows: Row[]
}

/** Most lines above the header. */
const ABOVE = 10
/** Most characters of a cell. */
export const MOST_LETTERS = 500

/** Spaces of any width and an asterisk that marks what is required mean nothing in a header. */
const plain = (text: string) => text.replace(/[\s\u3000*＊]/g, '').toLowerCase()

function isNamed(cell: string, { field, title }: Column): boolean {
  return [field, ...importing[title]].some((name) => plain(name) === plain(cell))
}

const trimmed = (text: string) => text.replace(/^[\s\u3000]+|[\s\u3000]+$/g, '')

type Say = (key: Key, values?: Record<string, string | number>) => string

/** Who speaks, and in which language: lists are joined as it does. */
interface Speech {
  t: Say
  language: Language
}

/** What of a file belongs to the import; a text says why nothing does. */
export function sheafOf(table: Table, { columns, keys = [], most, isWhole }: Shape, { t, language }: Speech): Sheaf | string {
  const named = ({ cells }: Line) => columns.filter((column) => cells.some((cell) => isNamed(cell, column)))
  const above = table.lines.slice(0, ABOVE)
  const head = above.reduce((best, line) => (named(line).length > named(best).length ? line : best), above[0] as Line)
  const missing = columns.filter((column) => column.isRequired && !named(head).includes(column))
  if (missing.length > 0) {
    return t('import.no_column', { names: missing.map(({ title }) => t(title)).join(between(language)) })
  }
  const lines = table.lines.filter(({ line }) => line > head.line)
  if (lines.length === 0) return t('import.no_rows')
  if (lines.length > most) return t('import.too_many', { n: lines.length, most })
  const places = new Map(columns.map((column) => [column.field, head.cells.findIndex((cell) => isNamed(cell, column))]))
  const seen = new Map<string, number>()
  const rows = lines.map<Row>((line) => {
    const values = Object.fromEntries(columns.map(({ field }) => [field, trimmed(line.cells[places.get(field) ?? -1] ?? '')]))
    const faults = columns.flatMap((column) => wrongWith(values[column.field] ?? '', column, t))
    const key = isWhole ? undefined : keys.find((fields) => fields.every((field) => values[field]))
    const own = key && JSON.stringify([key, key.map((field) => values[field])])
    const first = own ? seen.get(own) : undefined
    if (first !== undefined) faults.push({ field: key?.[0], message: t('import.repeated', { line: first }) })
    else if (own) seen.set(own, line.line)
    return { ...line, values, faults }
  })
  return { head: head.cells, places, rows }
}

function wrongWith(value: string, { field, isNumber }: Column, t: Say): Fault[] {
  if ([...value].length > MOST_LETTERS) return [{ field, message: t('import.too_long', { n: MOST_LETTERS }) }]
  if (isNumber && !/^\d{1,15}$/.test(value)) return [{ field, message: t('import.no_number') }]
  return []
}

export interface Course {
  isDry: boolean
  signal: AbortSignal
  /** What came of the rows so far, and what is wrong with the file. */
  progress: (found: Map<number, Verdict>, whole: string[]) => void
}

/**
 * Sends rows chunk by chunk. What has been said of a line stays said: a course that broke off is gone on with by sending
 * the lines that `found` does not have.
 */
export async function run({ send, chunk, isWhole }: Import, rows: Row[], found: Map<number, Verdict>, course: Course): Promise<void> {
  const known = new Map(found)
  const open = rows.filter(({ line }) => !known.has(line))
  const wrong = isWhole ? [] : open.filter(({ faults }) => faults.length > 0)
  for (const { line, faults } of wrong) known.set(line, { outcome: 'refused', faults })
  const ready = open.filter((row) => !wrong.includes(row))
  let whole: string[] = []
  course.progress(known, whole)
  for (let from = 0; from < ready.length; from += chunk) {
    course.signal.throwIfAborted()
    const part = ready.slice(from, from + chunk)
    const told = await send(part.map(({ values }) => values), course)
    course.signal.throwIfAborted()
    whole = [...whole, ...(told.whole ?? [])]
    for (const [place, { line, faults }] of part.entries()) {
      const verdict = told.verdicts[place] ?? { outcome: 'refused', faults: [] }
      const all = [...faults, ...verdict.faults]
      known.set(line, all.length > 0 ? { outcome: 'refused', faults: all } : verdict)
    }
    course.progress(new Map(known), whole)
  }
}

/** How many rows came to each end. */
export function countsOf(found: Map<number, Verdict>): Record<Verdict['outcome'], number> {
  const counts = { inserted: 0, updated: 0, unchanged: 0, refused: 0 }
  for (const { outcome } of found.values()) counts[outcome] += 1
  return counts
}

/** The header of the column that says what is wrong; one that a file has already is the last round's. */
const REASON = 'import.reason'

/** The person's own rows, in their own order and columns, with what is wrong with each and the wrong cells marked. */
export function errorSheet({ head, places, rows }: Sheaf, found: Map<number, Verdict>, name: string, { t, language }: Speech): Sheet {
  const width = Math.max(head.length, ...rows.map(({ cells }) => cells.length))
  const isReason = (cell: string) => importing[REASON].some((one) => plain(one) === plain(cell))
  const kept = Array.from({ length: width }, (_, place) => place).filter((place) => !isReason(head[place] ?? ''))
  const faultsOf = ({ line }: Row) => found.get(line)?.faults ?? []
  const isWrong = (row: number, column: number) => {
    const faults = faultsOf(rows[row] as Row)
    return column === kept.length
      ? faults.length > 0
      : faults.some(({ field }) => field !== undefined && places.get(field) === kept[column])
  }
  return {
    name,
    notes: [],
    head: [...kept.map((place) => head[place] ?? ''), t(REASON)],
    numeric: [],
    rows: rows.map((row) => [...kept.map((place) => row.cells[place] ?? ''), reasons(faultsOf(row), language)]),
    isMarked: isWrong,
  }
}

export const reasons = (faults: Fault[], language: Language) => faults.map(({ message }) => message).join(language === 'en' ? '; ' : '；')

/** The empty file that rows are filled into. */
export function templateOf({ columns, filled = [] }: Shape, name: string, t: Say): Sheet {
  return {
    name,
    notes: [],
    head: columns.map(({ title, isRequired }) => `${t(title)}${isRequired ? '*' : ''}`),
    numeric: columns.map(({ isNumber }) => isNumber === true),
    rows: filled.map((values) => columns.map(({ field }) => values[field] ?? '')),
  }
}

