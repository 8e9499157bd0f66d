import { expect, test } from 'vitest'
import { byDanger, fallRun, standing } from '../src/features/statistic/standing'

const thresholds = {
  issuance_window_months: 3,
  min_issuance: 100,
  drop_basis_points: 5000,
  drop_run_months: 3,
  mau_ratio_basis_points: 300,
  first_evaluation_months: 3,
  promise_basis_points: 5000,
  promise_run_quarters: 2,
}
const month = (name: string, issued: number, issued_total: number, active_users: number, triggers: string[] = []) => ({
  month: name,
  issued,
  issued_total,
  active_users,
  triggers,
})
const view = (months: ReturnType<typeof month>[]) => ({
  channel_id: 'chn_1',
  member_ids: [],
  matter_ids: [],
  thresholds,
  months,
})
const values = ({ gauges }: ReturnType<typeof standing>) => gauges.map((one) => [one.trigger, one.value, one.line, one.isMet])

test('a channel is shown beside the numbers in force, not beside numbers of the page', () => {
  const months = [month('2026-08', 60, 60, 9), month('2026-09', 29, 89, 9), month('2026-10', 10, 99, 2, ['issuance', 'active_users'])]
  const measured = view(months)
  expect(values(standing(measured, '2026-01'))).toEqual([
    ['issuance', 99, 100, true],
    ['active_users', 2, 3, true],
    ['falls', 2, 3, false],
  ])
  const others = { ...thresholds, min_issuance: 80, mau_ratio_basis_points: 150, drop_run_months: 4 }
  expect(values(standing({ ...measured, thresholds: others }, '2026-01')).map(([, , line]) => line)).toEqual([80, 1.5, 4])
})

test('exactly half is no fall; after none there is no fall; a run ends with the last month', () => {
  const falls = (...issued: number[]) => fallRun(issued.map((one, index) => month(`2026-0${index + 1}`, one, 0, 0)), 5000)
  expect(falls(100, 50)).toBe(0)
  expect(falls(100, 49)).toBe(1)
  expect(falls(1000, 400, 150, 60)).toBe(3)
  expect(falls(1000, 400, 150, 150)).toBe(0)
  expect(falls(0, 0)).toBe(0)
})

test('the channel in danger comes first: lines crossed, then the nearest line; one without figures is last', () => {
  const one = (issued: number, triggers: string[] = []) =>
    standing(view([1, 2, 3].map((at) => month(`2026-0${at}`, issued, issued * at, issued, at === 3 ? triggers : []))), '2026-01')
  const [safe, near, crossed, none] = [one(500), one(36), one(34, ['issuance']), standing(view([]), '2026-01')]
  expect([none, safe, near, crossed].toSorted(byDanger)).toEqual([crossed, near, safe, none])
})

test('a promise is a line of its own: a quarter keeps it by the better figure, and the platform says when it is missed', () => {
  const quarter = (amount: number, active: number, triggers: string[] = []) => ({
    first_month: '2026-07',
    last_month: '2026-09',
    amount: 1,
    active_users: [1, 1, 1],
    amount_basis_points: amount,
    active_basis_points: active,
    is_missed: amount < 5000 && active < 5000,
    triggers,
  })
  const promised = (quarters: ReturnType<typeof quarter>[]) =>
    standing({ ...view([]), promise: { measure: 'issuance', annual: 400, monthly_active_users: 10, quarters } }, '2026-01').gauges.at(-1)
  expect(promised([])).toMatchObject({ trigger: 'commitment', value: null, line: 50, isMet: false })
  expect(promised([quarter(100, 100), quarter(4900, 5100)])).toMatchObject({ value: 51, line: 50, isMet: false })
  expect(promised([quarter(4900, 4000), quarter(4900, 4000, ['commitment'])])).toMatchObject({ value: 49, isMet: true })
  expect(standing(view([]), '2026-01').gauges.map((one) => one.trigger)).not.toContain('commitment')
})
