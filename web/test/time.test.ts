import { expect, test } from 'vitest'
import { dayAfter, dayText, daysBetween, momentText, urgency } from '../src/parts/moment'

test('moments are shown in Asia/Shanghai whatever the zone of the browser', () => {
  expect(momentText('2026-02-28T16:30:00Z')).toBe('2026-03-01 00:30')
  expect(dayText('2026-02-28T15:59:59Z')).toBe('2026-02-28')
  expect(dayText('2026-02-28')).toBe('2026-02-28')
  expect(dayText(null)).toBe('—')
})

test('days are counted from midnight to midnight across a leap day', () => {
  expect(daysBetween('2028-02-28', '2028-03-01')).toBe(2)
  expect(daysBetween('2026-11-25T15:59:00Z', '2026-11-25')).toBe(0)
  expect(daysBetween('2026-11-25T16:00:00Z', '2026-11-25')).toBe(-1)
  expect(dayAfter('2028-02-28', 2)).toBe('2028-03-01')
})

test('a deadline is urgent in its last week and bad from the day after it', () => {
  expect([8, 7, 0, -1].map(urgency)).toEqual(['note', 'warn', 'warn', 'bad'])
})
