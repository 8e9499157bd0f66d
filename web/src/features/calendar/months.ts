// A year as twelve months of weeks, each day with what is done on it.

import type { Schemas } from '../../api/client'

export type Arranged = Pick<Schemas['CalendarYearView'], 'year' | 'holidays' | 'worked'>

/** Worked as always, off as always, off because of a holiday, worked instead. */
export type Kind = 'work' | 'rest' | 'holiday' | 'worked'

export interface Day {
  /** `2027-02-06` */
  on: string
  /** Of the month. */
  date: number
  kind: Kind
  /** Which holiday. */
  name?: string
}

export interface Month {
  /** From 1. */
  month: number
  /** From Monday to Sunday; nothing where another month is. */
  weeks: (Day | null)[][]
}

const DAY_MS = 86_400_000
const WEEK = 7

function dayOf(ms: number, { holidays, worked }: Arranged): Day {
  const moment = new Date(ms)
  const on = moment.toISOString().slice(0, 10)
  const holiday = holidays.find((one) => one.first_on <= on && on <= one.last_on)
  const isWeekend = moment.getUTCDay() % 6 === 0
  const kind = worked.includes(on) ? 'worked' : holiday ? 'holiday' : isWeekend ? 'rest' : 'work'
  return { on, date: moment.getUTCDate(), kind, name: holiday?.name }
}

export function monthsOf(year: Arranged): Month[] {
  return Array.from({ length: 12 }, (_, place) => {
    const first = Date.UTC(year.year, place, 1)
    const count = (Date.UTC(year.year, place + 1, 1) - first) / DAY_MS
    const before = (new Date(first).getUTCDay() + WEEK - 1) % WEEK
    const cells: (Day | null)[] = [
      ...Array.from({ length: before }, () => null),
      ...Array.from({ length: count }, (_, day) => dayOf(first + day * DAY_MS, year)),
    ]
    while (cells.length % WEEK !== 0) cells.push(null)
    const weeks = Array.from({ length: cells.length / WEEK }, (_, week) => cells.slice(week * WEEK, (week + 1) * WEEK))
    return { month: place + 1, weeks }
  })
}

/** Which year is shown first: the one that waits for somebody, else the present one, else the last. */
export function firstShown(years: Schemas['CalendarYearView'][], today: string): Schemas['CalendarYearView'] | undefined {
  const present = Number(today.slice(0, 4))
  const shown = years.filter((one) => one.is_in_force)
  return years.find((one) => one.state === 'proposed') ?? shown.find((one) => one.year === present) ?? shown.at(-1)
}

/** Whether an arrangement of the year waits for a second person: until then no other one can be entered. */
export function isWaiting(years: Pick<Schemas['CalendarYearView'], 'year' | 'state'>[], year: number): boolean {
  return years.some((one) => one.state === 'proposed' && one.year === year)
}
