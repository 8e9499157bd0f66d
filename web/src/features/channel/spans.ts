// Where things lie along time: days as shares of the stretch that a picture shows.

import type { Matter } from '../matter/wire'
import { dayAfter, dayText, daysBetween } from '../../parts/moment'
import { type Month, monthAfter } from '../statistic/months'
import type { Measure } from './measures'

/** Kinds whose course is an incident in a channel’s life. */
const KINDS = new Set(['risk_event', 'monitoring', 'exit', 'notice'])
/** Least days that a picture shows. */
const LEAST = 60

/** From a day to another, both included; an open one has no end yet. */
export interface Span {
  from: string
  until: string | null
}

export interface Incident extends Span {
  matter: Matter
  /** When services were withheld because of it. */
  withheld: (Span & { measure: Measure })[]
  /** Its next deadline. */
  due: string | null
}

/** The incidents among a channel’s matters, oldest first, with what each has withheld. */
export function incidentsOf(matters: Matter[], measures: Measure[]): Incident[] {
  return matters
    .filter((matter) => KINDS.has(matter.kind))
    .map((matter) => ({
      matter,
      from: dayText(matter.opened_at),
      until: matter.is_ended ? dayText(matter.changed_at) : null,
      withheld: measures
        .filter((measure) => measure.matter_id === matter.matter_id)
        .map((measure) => ({ measure, from: dayText(measure.opened_at), until: measure.lifted_at ? dayText(measure.lifted_at) : null })),
      due: matter.waits.map((wait) => wait.due_on).filter((due) => due != null).toSorted()[0] ?? null,
    }))
    .toSorted((one, other) => one.from.localeCompare(other.from))
}

/** The stretch that shows all of them, whole months, and where a day or a span lies on it. */
export function stretch(incidents: Incident[], today: string) {
  const days = incidents.flatMap(({ from, until, due }) => [from, until, due]).filter((day) => day !== null)
  const least = dayAfter(today, -LEAST)
  const first = `${[...days, least].toSorted()[0]?.slice(0, 7)}-01`
  const lastMonth = [...days, today].toSorted().at(-1)?.slice(0, 7) ?? ''
  const end = `${monthAfter(lastMonth, 1)}-01`
  const whole = daysBetween(first, end)
  const place = (day: string) => (daysBetween(first, day) / whole) * 100
  const months: Month[] = []
  for (let month = first.slice(0, 7); `${month}-01` < end; month = monthAfter(month, 1)) months.push(month)
  return {
    months,
    place,
    span: ({ from, until }: Span) => {
      const left = place(from)
      // A day is as wide as a day, however short something lasted.
      return { left, width: place(dayAfter(until ?? today, 1)) - left }
    },
  }
}
