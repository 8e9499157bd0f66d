// How a channel stands to the lines of CH-23: what is measured, the line in force, and how near it is. Whether a line was
// crossed is what the platform says; here is only how far away it is, and which channel is nearest.

import type { Schemas } from '../../api/client'
import { type Measured, type Month, monthly } from './months'

type Monitoring = Schemas['MonitoringView']
export type Promised = Schemas['MonitoringPromise']
export type Quarter = Schemas['MonitoringQuarter']

/** One measure beside its line. */
export interface Gauge {
  /** The word of the trigger. */
  trigger: 'issuance' | 'falls' | 'active_users' | 'commitment'
  /** What was measured; null where there is not enough to measure. */
  value: number | null
  line: number
  /** Of 1, how near the line is from the good side: 1 and more is at the line or beyond. */
  nearness: number
  isMet: boolean
}

export interface Standing {
  gauges: Gauge[]
  /** Closed months were there at all. */
  asOf: Month | undefined
}

const WHOLE = 10_000

/** Falls in a row until the last month, each by more than the line (CH-23.1b). */
export function fallRun(measured: Measured[], dropBasisPoints: number): number {
  let run = 0
  for (let index = measured.length - 1; index > 0; index -= 1) {
    const [before, after] = [measured[index - 1]?.issued ?? 0, measured[index]?.issued ?? 0]
    if ((before - after) * WHOLE <= before * dropBasisPoints) break
    run += 1
  }
  return run
}

/** How the figures stand at the end of the last closed month; `first` is the month in which the channel began. */
export function standing({ months, thresholds, promise }: Monitoring, first: Month): Standing {
  const there = months.filter((one) => one.month >= first)
  const last = monthly(months, first, thresholds.issuance_window_months).at(-1)
  const met = new Set(there.at(-1)?.triggers)
  const quarter = promise?.quarters.at(-1)
  for (const trigger of quarter?.triggers ?? []) met.add(trigger)
  const least = (trigger: Gauge['trigger'], value: number | null | undefined, line: number): Gauge => ({
    trigger,
    value: value ?? null,
    line,
    nearness: value == null ? 0 : value > 0 ? line / value : Number.POSITIVE_INFINITY,
    isMet: met.has(trigger),
  })
  const gauges = [
    least('issuance', last?.issuedInWindow, thresholds.min_issuance),
    least('active_users', last?.activeShare, thresholds.mau_ratio_basis_points / 100),
    run('falls', there.length > 1 ? fallRun(there, thresholds.drop_basis_points) : null, thresholds.drop_run_months, met.has('falls')),
  ]
  if (promise) gauges.push(least('commitment', quarter && fulfilled(quarter), thresholds.promise_basis_points / 100))
  return { gauges, asOf: there.at(-1)?.month }
}

/** How much of its promise a quarter keeps in per cent: a quarter is missed by both figures, so the better one counts (CH-23.2). */
export function fulfilled(quarter: Quarter): number {
  return Math.max(quarter.amount_basis_points, quarter.active_basis_points) / 100
}

function run(trigger: Gauge['trigger'], value: number | null, line: number, isMet: boolean): Gauge {
  return { trigger, value, line, nearness: (value ?? 0) / line, isMet }
}

/** What is in danger first: more lines crossed, then the nearest line. */
export function byDanger(one: Standing, other: Standing): number {
  const crossed = ({ gauges }: Standing) => gauges.filter((gauge) => gauge.isMet).length
  const nearest = ({ gauges }: Standing) => Math.max(...gauges.map((gauge) => gauge.nearness))
  const [near, nearOther] = [nearest(one), nearest(other)]
  return crossed(other) - crossed(one) || (near === nearOther ? 0 : nearOther - near)
}
