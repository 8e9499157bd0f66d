import { expect, test } from 'vitest'
import { step } from '../src/features/overview/turn'
import { change, classShares, monthsOf, yearBefore } from '../src/features/statistic/national'

test('a month is compared with the same month of the year before, and after none there is no change', () => {
  expect(yearBefore(['2026-01', '2026-12'])).toEqual(['2025-01', '2025-12'])
  expect([change(150, 100), change(0, 100), change(5, 0), change(1, 3)]).toEqual([50, -100, null, -66.7])
})

test('a month without a row has no figure, and is not left out', () => {
  const total = { period: '2026-02', issued: 7, active_users: 3, uses: 9, refused: 0, payments: 0, paid_fen: 0 }
  expect(monthsOf([total], ['2026-01', '2026-02'], 'issued')).toEqual([0, 7])
})

test('the six classes are all there, with their share', () => {
  const shares = classShares([{ class: 'bank' }, { class: 'bank' }, { class: 'social' }])
  expect(shares).toHaveLength(6)
  expect(shares.filter((one) => one.count > 0)).toEqual([
    { class: 'bank', count: 2, share: 66.7 },
    { class: 'social', count: 1, share: 33.3 },
  ])
  expect(classShares([]).every((one) => one.share === 0)).toBe(true)
})

test('the wall goes round', () => {
  expect([step(0, 1, 3), step(2, 1, 3), step(0, -1, 3)]).toEqual([1, 0, 2])
})
