import { expect, test } from 'vitest'
import { secondsLeft } from '../src/app/presence'

test('a session is given up so long after something was last done', () => {
  const now = Date.parse('2026-11-25T08:00:00Z')
  expect(secondsLeft(now, now, 1800)).toBe(1800)
  expect(secondsLeft(now - 1_679_000, now, 1800)).toBe(121)
  expect(secondsLeft(now - 1_680_000, now, 1800)).toBe(120)
  expect(secondsLeft(now - 1_800_000, now, 1800)).toBe(0)
})

test('whoever has not been noted yet has just come', () => {
  expect(secondsLeft(0, Date.now(), 1800)).toBe(1800)
})
