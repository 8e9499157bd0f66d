import { expect, test } from 'vitest'
import { SHOWN_SECONDS, secondsLeft } from '../src/parts/shown'

test('what is revealed is hidden again after a minute, and never before', () => {
  expect(SHOWN_SECONDS).toBe(60)
  expect(secondsLeft(0, 0)).toBe(60)
  expect(secondsLeft(0, 59_999)).toBe(1)
  expect(secondsLeft(0, 60_000)).toBe(0)
  expect(secondsLeft(0, 3_600_000)).toBe(0)
})
