import { expect, test } from 'vitest'
import { countsOf, type Sources, storyOf } from '../src/features/channel/story'

const matter = (matter_id: string, kind: string, opened_at: string, ended?: string) =>
  ({ matter_id, kind, opened_at, changed_at: ended ?? opened_at, is_ended: ended !== undefined }) as Sources['matters'][number]
const record = (place: number, action: string, at: string, outcome = 'done') => ({ log: 'a', place, action, at, outcome, proof: '' })

const SOURCES: Sources = {
  matters: [matter('mat_1', 'application', '2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z'), matter('mat_2', 'notice', '2026-03-01T00:00:00Z')],
  measures: [
    { measure_id: 'mea_1', withheld: 'all', opened_at: '2026-04-01T00:00:00Z', lifted_at: '2026-04-05T00:00:00Z' },
    { measure_id: 'mea_2', withheld: 'all', opened_at: '2026-05-01T00:00:00Z' },
  ] as Sources['measures'],
  keys: [{ key_id: 'key_1', usage: 'sign', created_at: '2026-02-02T00:00:00Z', revoked_at: '2026-06-01T00:00:00Z' }] as Sources['keys'],
  records: [
    record(1, 'channel.phase_changed', '2026-02-01T00:00:01Z'),
    record(2, 'channel.withheld', '2026-04-01T00:00:00Z'),
    record(3, 'channel.suspended', '2026-04-02T00:00:00Z', 'channel.transition'),
  ] as Sources['records'],
}

test('what happened to a channel stands in one order, newest first, nothing of it twice and nothing that was refused', () => {
  expect(storyOf(SOURCES).map(({ key }) => key)).toEqual([
    'key_1 revoked',
    'mea_2 opened',
    'mea_1 lifted',
    'mea_1 opened',
    'mat_2 opened',
    'key_1 registered',
    'a 1',
    'mat_1 ended',
    'mat_1 opened',
  ])
})

test('each chapter is counted', () => {
  expect(countsOf(storyOf(SOURCES))).toEqual({ matter: 2, notice: 1, measure: 3, key: 2, phase: 1 })
  expect(countsOf(storyOf({ matters: [], measures: [], keys: [], records: [] }))).toEqual({ matter: 0, notice: 0, measure: 0, key: 0, phase: 0 })
})
