import { expect, test } from 'vitest'
import type { Schemas } from '../src/api/client'
import type { Matter } from '../src/features/matter/wire'
import { hintsOf } from '../src/features/overview/hints'

const matter = (matter_id: string, kind: string, state: string, channel_id?: string) => ({ matter_id, kind, state, channel_id, waits: [] }) as unknown as Matter
const opening = (caller_id: string, service: string, closed_at?: string) =>
  ({ opening_id: `${caller_id} ${service}`, caller_id, service, division: '330100', opened_by: '', opened_at: '', closed_at }) as Schemas['OpeningView']

test('ND-3.5e: a region is told which channels are in danger, the gravest first, with what it has opened to them', () => {
  const matters = [
    matter('mat_1', 'monitoring', 'warned', 'chn_a'),
    matter('mat_2', 'risk_event', 'rectifying', 'chn_b'),
    matter('mat_3', 'security_report', 'overdue', 'chn_a'),
    matter('mat_4', 'ticket', 'filed', 'chn_c'),
    matter('mat_5', 'security_report', 'accepted', 'chn_c'),
    matter('mat_6', 'application', 'filed'),
  ]
  const openings = [opening('chn_a', 'query.card'), opening('chn_a', 'pay.code', '2026-01-01'), opening('chn_c', 'pay.code')]
  const hints = hintsOf(matters, openings)
  expect(hints.map(({ channel_id }) => channel_id)).toEqual(['chn_b', 'chn_a'])
  expect(hints[1]?.signs.map(({ matter, clause }) => `${matter.matter_id} ${clause}`)).toEqual(['mat_3 CH-28.6b', 'mat_1 CH-23.1e'])
  expect(hints.map((hint) => hint.openings.map((one) => one.service))).toEqual([[], ['query.card']])
})

test('of two channels in the same danger the one with more services of the region comes first', () => {
  const matters = [matter('mat_1', 'risk_event', 'contained', 'chn_a'), matter('mat_2', 'risk_event', 'contained', 'chn_b')]
  expect(hintsOf(matters, [opening('chn_b', 'pay.code')]).map(({ channel_id }) => channel_id)).toEqual(['chn_b', 'chn_a'])
})
