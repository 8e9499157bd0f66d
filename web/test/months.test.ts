import { expect, test } from 'vitest'
import { incidentsOf, stretch } from '../src/features/channel/spans'
import { monthly, outcomes, quarterName, ranked } from '../src/features/statistic/months'

const month = (name: string, issued: number, issued_total: number, active_users: number) => ({
  month: name,
  issued,
  issued_total,
  active_users,
  triggers: [],
})

test('a picture begins with the channel: what was before it is nothing, not none', () => {
  const measured = [month('2026-10', 0, 0, 0), month('2026-11', 40, 40, 2), month('2026-12', 30, 70, 2), month('2027-01', 15, 85, 17)]
  const drawn = monthly(measured, '2026-11', 3)
  expect(drawn.map((one) => one.month)).toEqual(['2026-11', '2026-12', '2027-01'])
  expect(drawn.map((one) => one.issuedInWindow)).toEqual([null, null, 85])
  expect(drawn.map((one) => one.change)).toEqual([null, -25, -50])
  expect(drawn.map((one) => one.activeShare)).toEqual([5, 2.9, 20])
})

test('an incident lies on its days, with what was withheld for it and its next deadline', () => {
  const base = { title: '', owner_id: '', owner_name: '', version: 1, timeline: [], actions: [], body: null }
  const wait = { party: 'owner', task: 'rectify', since: '2026-12-01T02:00:00Z', due_on: '2027-01-01', is_provisional: false }
  const matters = [
    { ...base, matter_id: 'mat_2', kind: 'risk_event', state: 'rectifying', is_ended: false, opened_at: '2026-12-01T02:00:00Z', changed_at: '2026-12-01T02:00:00Z', waits: [wait] },
    { ...base, matter_id: 'mat_1', kind: 'suggestion', state: 'filed', is_ended: false, opened_at: '2026-11-01T02:00:00Z', changed_at: '2026-11-01T02:00:00Z', waits: [] },
  ]
  const measures = [{ measure_id: 'mea_1', matter_id: 'mat_2', withheld: 'all', opened_at: '2026-12-01T02:00:00Z', lifted_at: '2026-12-03T02:00:00Z' }]
  const incidents = incidentsOf(matters, measures)
  expect(incidents).toMatchObject([{ from: '2026-12-01', until: null, due: '2027-01-01', withheld: [{ from: '2026-12-01', until: '2026-12-03' }] }])
  const { months, span, place } = stretch(incidents, '2026-12-15')
  expect(months).toEqual(['2026-10', '2026-11', '2026-12', '2027-01'])
  expect(place('2026-10-01')).toBe(0)
  const whole = 31 + 30 + 31 + 31
  expect(span({ from: '2026-12-01', until: '2026-12-03' }).width).toBeCloseTo((3 / whole) * 100)
  expect(span({ from: '2026-12-01', until: null }).width).toBeCloseTo((15 / whole) * 100)
})

test('what was refused is told by reason, and a reason that never happened has no line', () => {
  const none = { code: 0, replay: 0, card: 0, person: 0, department: 0, channel: 0, payment: 0 }
  const row = (period: string, uses: number, refusals: typeof none) => ({
    period, channel_id: 'chn_1', issued: 0, issued_total: 0, active_users: 0, uses, payments: 0, paid_fen: 0, refunds: 0,
    refunded_fen: 0, refused: 0, refusals,
  })
  const rows = [row('2026-09', 5, { ...none, card: 2 }), row('2026-10', 7, { ...none, replay: 1 })]
  expect(outcomes(rows, ['2026-09', '2026-10', '2026-11'])).toEqual([
    { outcome: 'answered', counts: [5, 7, 0] },
    { outcome: 'replay', counts: [0, 1, 0] },
    { outcome: 'card', counts: [2, 0, 0] },
  ])
  expect(outcomes([], ['2026-09'])).toEqual([])
})

test('areas are ranked by their users, and one without users is none', () => {
  const area = (division: string, active_users: number) => ({ division, active_users, issued: 0, uses: 1, refused: 0 })
  expect(ranked([area('330000', 2), area('440000', 0), area('310000', 9)]).map((one) => one.division)).toEqual(['310000', '330000'])
})

test('a quarter is named by its year and its place in it', () => {
  expect(['2026-01', '2026-04', '2026-07', '2026-10'].map(quarterName)).toEqual(['2026Q1', '2026Q2', '2026Q3', '2026Q4'])
})
