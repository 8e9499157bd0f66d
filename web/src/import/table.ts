// A file of rows as a person brings it: a workbook, or CSV in whatever encoding their spreadsheet wrote it.
//
// Everything is text as the file has it: nothing is taken for a number or a day, so no id loses a digit here.

import { endingOf } from '../parts/ending'
import { fromCsv, unescaped } from './csv'

export interface Line {
  /** Where a spreadsheet shows it, from 1. */
  line: number
  cells: string[]
}

export interface Table {
  /** Lines that say anything. */
  lines: Line[]
  /** How the text was encoded; a workbook says so itself. */
  encoding?: 'UTF-8' | 'UTF-16' | 'GB 18030'
}

/** Why a file cannot be read: a key of the words. */
export type Unreadable = 'import.not_taken' | 'import.too_large' | 'import.empty' | 'import.broken' | 'import.too_much_inside'

/** A file that cannot be read, and why. */
export class Illegible extends Error {
  constructor(readonly why: Unreadable) {
    super(why)
  }
}

/** Most bytes of a file. */
export const MOST_BYTES = 5 * 1024 * 1024
/** What may be chosen. */
export const TAKEN = ['xlsx', 'csv'] as const

export async function read(file: File): Promise<Table> {
  const ending = endingOf(file)
  if (!(TAKEN as readonly string[]).includes(ending)) throw new Illegible('import.not_taken')
  if (file.size > MOST_BYTES) throw new Illegible('import.too_large')
  const bytes = new Uint8Array(await file.arrayBuffer())
  const table = ending === 'csv' ? readCsv(bytes) : { lines: (await import('./xlsx')).fromXlsx(bytes) }
  const lines = table.lines.filter(({ cells }) => cells.some((cell) => cell.trim() !== ''))
  if (lines.length === 0) throw new Illegible('import.empty')
  return { ...table, lines }
}

function readCsv(bytes: Uint8Array): Table {
  const { text, encoding } = decoded(bytes)
  const lines = fromCsv(text).map((cells, place) => ({ line: place + 1, cells: cells.map(unescaped) }))
  return { lines, encoding }
}

/** By its mark; without one UTF-8 if it is that, and what Chinese spreadsheets write otherwise. */
export function decoded(bytes: Uint8Array): { text: string; encoding: NonNullable<Table['encoding']> } {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return { text: new TextDecoder('utf-16le').decode(bytes), encoding: 'UTF-16' }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), encoding: 'UTF-8' }
  } catch {
    return { text: new TextDecoder('gb18030').decode(bytes), encoding: 'GB 18030' }
  }
}
