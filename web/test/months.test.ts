import { expect, test } from 'vitest'
import { incidentsOf, stretch } from '../src/features/channel/spans'
import { monthly } from '../src/features/statistic/months'

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
