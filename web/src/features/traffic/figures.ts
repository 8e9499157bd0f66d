// How a channel's requests ended and how long they took, made ready to be drawn.

import type { Schemas } from '../../api/client'
import { dayAfter, daysBetween } from '../../parts/moment'

type View = Schemas['TrafficView']
type Counted = Schemas['TrafficFigures']

/** Of no day is nothing said: a day without a request has no share and no time. */
export interface DayOfCalls {
  day: string
  answered: number
  refused: number
  failed: number
  /** Percent answered as was asked. */
  success: number | null
  p50: number | null
  p95: number | null
}

/** Every day from `from` to `to`, those without a request too. */
export function byDay(view: View, from: string, to: string): DayOfCalls[] {
  const days = Array.from({ length: daysBetween(from, to) + 1 }, (_, place) => dayAfter(from, place))
  return days.map((day) => {
    const of = view.days.find((one) => one.day_on === day)
    return { day, answered: of?.answered ?? 0, refused: of?.refused ?? 0, failed: of?.failed ?? 0, success: success(of), p50: millis(of?.p50_micros), p95: millis(of?.p95_micros) }
  })
}

/** Percent with two places, rounded down: a failure among a million calls is not told as none. */
export function success(of: Counted | undefined): number | null {
  return of && of.calls > 0 ? Math.floor((of.answered * 10_000) / of.calls) / 100 : null
}

/** Milliseconds with one place. */
export function millis(micros: number | null | undefined): number | null {
  return micros == null ? null : Math.round(micros / 100) / 10
}

/** Without what all of them begin with. */
export function operationName(operation: string): string {
  return operation.replace('/api/v1', '')
}

export type Gate = Schemas['IssuanceGate']

/** Why claims ended, over all checks, the most frequent first. */
export function losses(gates: Gate[]): Schemas['IssuanceReason'][] {
  return gates.flatMap((gate) => gate.reasons).toSorted((one, other) => other.calls - one.calls)
}
