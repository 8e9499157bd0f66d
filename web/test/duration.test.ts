import { expect, test } from 'vitest'
import { inDays, monthsBack, usualOf } from '../src/features/duration/days'

test('seconds are told in days to a tenth, and what took less is not told as nothing', () => {
  expect([86_400, 129_600, 90_000, 60, 0].map(inDays)).toEqual([1, 1.5, 1, 0.1, 0.1])
})

test('months before a day end on the last day of a shorter month', () => {
  expect(monthsBack('2026-11-27', 3)).toBe('2026-08-27')
  expect(monthsBack('2026-05-31', 3)).toBe('2026-02-28')
  expect(monthsBack('2026-01-15', 12)).toBe('2025-01-15')
})

test('a step of too few cases, and one that nobody knows, has no usual time', () => {
  const steps = [
    { state: 'local_review', cases: 5, median_seconds: 259_200, ninety_seconds: 864_000 },
    { state: 'testing', cases: 4 },
  ]
  const durations = { steps }
  expect(usualOf(durations, 'local_review')).toEqual({ median: 3, ninety: 10, cases: 5 })
  expect([usualOf(durations, 'testing'), usualOf(durations, 'draft'), usualOf(undefined, 'testing')]).toEqual([null, null, null])
})
