// The course of an incident as rows from top to bottom: what happened when, how long after what came before, and between
// which rows services were withheld.

export interface Happening {
  key: string
  at: string
  title: string
  actor?: string
  words?: string
  /** It has not come yet. */
  isDue?: boolean
}

export interface Row extends Happening {
  /** Milliseconds since the row above. */
  after: number | null
}

/** Services withheld, from the row where that began to the row where it ended. */
export interface Bar {
  key: string
  from: number
  /** The last row when it is still so. */
  to: number
  isOpen: boolean
  lane: number
}

export interface Withheld {
  key: string
  from: string
  until: string | null
}

export interface Course {
  rows: Row[]
  bars: Bar[]
  lanes: number
}

export function courseOf(happenings: Happening[], withheld: Withheld[]): Course {
  const inOrder = happenings.toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at))
  const rows = inOrder.map((one, place) => {
    const before = inOrder[place - 1]
    return { ...one, after: before ? Date.parse(one.at) - Date.parse(before.at) : null }
  })
  // The last row that had happened by then; what was withheld in the moment of a row began with it.
  const rowAt = (at: string) => Math.max(0, rows.findLastIndex((row) => !row.isDue && Date.parse(row.at) <= Date.parse(at)))
  const last = Math.max(0, rows.findLastIndex((row) => !row.isDue))
  const free: number[] = []
  const bars = withheld
    .toSorted((one, other) => Date.parse(one.from) - Date.parse(other.from))
    .map(({ key, from, until }) => {
      const span = { from: rowAt(from), to: until ? rowAt(until) : last }
      const found = free.findIndex((end) => end <= span.from)
      const lane = found === -1 ? free.length : found
      free[lane] = span.to
      return { key, ...span, isOpen: until === null, lane }
    })
  return { rows, bars, lanes: free.length }
}

const UNITS = [
  ['days', 86_400_000],
  ['hours', 3_600_000],
  ['minutes', 60_000],
] as const

/** A span of time in its two largest units: `[['days', 3], ['hours', 2]]`. */
export function spanOf(milliseconds: number): [(typeof UNITS)[number][0], number][] {
  let rest = milliseconds
  const parts = UNITS.map(([unit, size]) => {
    const count = Math.floor(rest / size)
    rest -= count * size
    return [unit, count] as [(typeof UNITS)[number][0], number]
  })
  const first = parts.findIndex(([, count]) => count > 0)
  return first === -1 ? [] : parts.slice(first, first + 2).filter(([, count]) => count > 0)
}

/** How many letters of a line fit: a Chinese one takes twice the room of another. */
export function cut(text: string, room: number): string {
  let used = 0
  for (const [place, letter] of [...text].entries()) {
    used += /[\u2e80-\uffff]/.test(letter) ? 2 : 1
    if (used > room) return `${[...text].slice(0, place).join('')}…`
  }
  return text
}
