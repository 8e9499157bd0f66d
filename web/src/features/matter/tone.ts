// What the state of a matter means: red where something was missed, yellow where somebody was sent back.

import type { Tone } from '../../parts/status_tag'
import type { Matter } from './wire'

/** By `kind.state`; every other one goes on, or is over. */
const TONES: Record<string, Tone> = {
  'agreement.unsigned': 'bad',
  'agreement.plan_required': 'warn',
  'callback_change.unproven': 'warn',
  'callback_change.refused': 'bad',
  'campaign.returned': 'warn',
  'monitoring.warned': 'warn',
  'monitoring.candidate': 'bad',
  'notice.missed': 'bad',
  'rectification.ordered': 'warn',
  'rectification.returned': 'warn',
  'rectification.missed': 'bad',
  'rectification.closed': 'bad',
  'risk_event.contained': 'warn',
  'risk_event.overdue': 'bad',
  'risk_event.exiting': 'bad',
  'risk_event.terminated': 'bad',
  'security_report.dangerous': 'bad',
  'security_report.overdue': 'bad',
  'security_report.returned': 'warn',
}

export type Stated = Pick<Matter, 'kind' | 'state' | 'is_ended' | 'waits' | 'risk'>

export function toneOf({ kind, state, is_ended }: Pick<Stated, 'kind' | 'state' | 'is_ended'>): Tone {
  return TONES[`${kind}.${state}`] ?? (is_ended ? 'calm' : 'note')
}

/** An application that was sent back stands where it stood before it was filed; only what it waits for tells. */
export function isReturned({ kind, waits }: Pick<Stated, 'kind' | 'waits'>): boolean {
  return kind === 'application' && waits.some(({ task }) => task === 'correct')
}
