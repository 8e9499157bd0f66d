// What endangers the channels of a region, and which of the region's own services go through them (ND-3.5e).

import type { Schemas } from '../../api/client'
import type { Matter } from '../matter/wire'

type Opening = Schemas['OpeningView']

/** What is a hint of risk, the gravest first: of an event that was dismissed, or a report that was accepted, nothing is left to say. */
const SIGNS: { kind: string; states?: string[]; clause: string }[] = [
  { kind: 'risk_event', clause: 'CH-31.0' },
  { kind: 'security_report', states: ['dangerous', 'rectifying'], clause: 'CH-28.6a' },
  { kind: 'security_report', states: ['overdue'], clause: 'CH-28.6b' },
  { kind: 'exit', states: ['proposed'], clause: 'CH-35.0' },
  { kind: 'exit', states: ['transition'], clause: 'CH-33.2' },
  { kind: 'exit', states: ['deleting', 'certified'], clause: 'CH-36.1' },
  { kind: 'monitoring', clause: 'CH-23.1e' },
]

export interface Sign {
  matter: Matter
  clause: string
}

export interface Hint {
  channel_id: string
  /** Why, the gravest first; there is at least one. */
  signs: Sign[]
  /** What the region has opened to the channel and not closed. */
  openings: Opening[]
}

const gravity = (matter: Matter) =>
  SIGNS.findIndex(({ kind, states }) => kind === matter.kind && (!states || states.includes(matter.state)))

/** The channels in danger among open matters, the gravest first, and of two alike the one with more services. */
export function hintsOf(matters: Matter[], openings: Opening[]): Hint[] {
  const byChannel = new Map<string, Matter[]>()
  for (const matter of matters) {
    if (!matter.channel_id || gravity(matter) < 0) continue
    byChannel.set(matter.channel_id, [...(byChannel.get(matter.channel_id) ?? []), matter])
  }
  const hints = [...byChannel].map<Hint>(([channel_id, found]) => ({
    channel_id,
    signs: found.toSorted((one, other) => gravity(one) - gravity(other)).map((matter) => ({ matter, clause: SIGNS[gravity(matter)]?.clause ?? '' })),
    openings: openings.filter((one) => one.caller_id === channel_id && !one.closed_at),
  }))
  const gravest = ({ signs: [first] }: Hint) => (first ? gravity(first.matter) : SIGNS.length)
  return hints.toSorted((one, other) => gravest(one) - gravest(other) || other.openings.length - one.openings.length)
}
