import { expect, test } from 'vitest'
import { daily, monday, weekly } from '../src/features/statistic/weeks'
import { losses } from '../src/features/traffic/figures'

test('a week begins on Monday', () => {
  for (const [day, first] of [
    ['2026-11-23', '2026-11-23'],
    ['2026-11-29', '2026-11-23'],
    ['2026-11-30', '2026-11-30'],
    ['2023-12-31', '2023-12-25'],
    ['2028-03-01', '2028-02-28'],
  ] as const) {
    expect(monday(day)).toBe(first)
  }
})

test('a day without an e-card is none, and days add up to their weeks', () => {
  const days = daily([{ period: '2026-11-29', issued: 4 }, { period: '2026-12-01', issued: 3 }], '2026-11-28', '2026-12-02')
  expect(days.map((one) => one.issued)).toEqual([0, 4, 0, 3, 0])
  expect(weekly(days)).toEqual([
    { first: '2026-11-23', issued: 4 },
    { first: '2026-11-30', issued: 3 },
  ])
})

test('reasons of all checks are told together, the most frequent first', () => {
  const gate = (gate: string, reasons: { code: string; calls: number }[]) => ({ gate, came: 9, lost: 0, reasons })
  const all = losses([gate('card', [{ code: 'card.expired', calls: 2 }]), gate('real_person', [{ code: 'real_person.failed', calls: 5 }])])
  expect(all.map((one) => one.code)).toEqual(['real_person.failed', 'card.expired'])
})
