import { expect, test } from 'vitest'
import { taken } from '../src/features/overview/times'

const matter = (kind: string, days: number, is_ended = true) => ({
  kind,
  is_ended,
  opened_at: '2026-11-01T02:00:00Z',
  changed_at: new Date(Date.parse('2026-11-01T02:00:00Z') + days * 86_400_000).toISOString(),
})

test('half of the matters of a kind took no longer than its median; open ones do not count', () => {
  const matters = [matter('ticket', 1), matter('ticket', 2), matter('ticket', 9), matter('ticket', 90, false), matter('exit', 60), matter('exit', 71)]
  expect(taken(matters)).toEqual([
    { kind: 'exit', count: 2, median: 65.5, longest: 71 },
    { kind: 'ticket', count: 3, median: 2, longest: 9 },
  ])
  expect(taken([])).toEqual([])
})
