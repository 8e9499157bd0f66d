import { expect, test } from 'vitest'
import { isReturned, toneOf } from '../src/features/matter/tone'
import { candidates, lateMatters, lateOf, loads, pressing, timingOf, waitsSo } from '../src/features/matter/watch'
import type { Matter, Wait } from '../src/features/matter/wire'
import { type Values, walk } from '../src/parts/walk'

const TODAY = '2026-11-26'
const wait = (party: string, due_on?: string): Wait => ({ party, task: 'reply', due_on, since: '', is_provisional: false })
const matter = (matter_id: string, ...waits: Wait[]) => ({ matter_id, waits }) as Matter

test('the last day is in time, and a week is soon', () => {
  const timing = (due_on?: string) => timingOf({ due_on }, TODAY)
  expect([timing('2026-11-25'), timing(TODAY), timing('2026-12-03'), timing('2026-12-04'), timing()]).toEqual(['overdue', 'soon', 'soon', 'later', 'none'])
})

test('a matter that asks many of a party counts once for it, and what is late is not soon as well', () => {
  const open = [
    matter('a', wait('province', '2026-12-01'), wait('province', '2026-12-01'), wait('province', '2026-11-01')),
    matter('b', wait('province'), wait('owner', '2026-11-30')),
    matter('c', wait('platform', '2026-11-01')),
  ]
  const of = (party: string) => loads(open, TODAY).find((one) => one.party === party)
  expect(of('province')).toEqual({ party: 'province', all: 2, overdue: 1, soon: 0 })
  expect(of('owner')).toEqual({ party: 'owner', all: 1, overdue: 0, soon: 1 })
  expect(of('ministry')).toEqual({ party: 'ministry', all: 0, overdue: 0, soon: 0 })
})

test('what a forced exit may be founded on is counted ground by ground', () => {
  const of = (kind: string, state: string, ...waits: Wait[]) => ({ kind, state, waits })
  const open = [
    of('agreement', 'unsigned'),
    of('agreement', 'in_force'),
    of('monitoring', 'candidate'),
    of('agreement', 'unsigned'),
    of('security_report', 'ordered', wait('owner', '2026-11-25')),
    of('security_report', 'overdue', wait('owner', TODAY)),
    of('security_report', 'filed', wait('operator', '2026-11-25')),
  ]
  expect(candidates(open, TODAY).map(({ clause, count }) => [clause, count])).toEqual([['CH-35.2', 2], ['CH-35.3', 1], ['CH-35.4', 1]])
})

test('the longest late comes first, and what the platform does by itself is nobody’s delay', () => {
  const open = [matter('new', wait('owner', '2026-11-20')), matter('old', wait('operator', '2026-10-01')), matter('own', wait('platform', '2026-09-01'))]
  expect(lateOf(open, TODAY).map((one) => one.matter.matter_id)).toEqual(['old', 'new'])
})

test('what is late with many of a party in one matter is told once, and a matter that two parties are late with is one', () => {
  const open = [
    matter('many', wait('province', '2026-11-10'), wait('province', '2026-11-09'), wait('province', '2026-12-09'), wait('owner', '2026-11-19')),
    matter('one', wait('owner', '2026-11-20')),
  ]
  const late = lateOf(open, TODAY)
  expect(late.map((one) => [one.matter.matter_id, one.wait.party, one.wait.due_on, one.others])).toEqual([
    ['many', 'province', '2026-11-09', 1],
    ['many', 'owner', '2026-11-19', 0],
    ['one', 'owner', '2026-11-20', 0],
  ])
  expect(new Set(late.map((one) => `${one.matter.matter_id} ${one.wait.party}`)).size).toBe(late.length)
  expect(lateMatters(late)).toBe(2)
})

test('the list behind a number has as many matters as the number says', async () => {
  const open = [
    matter('late', wait('province', '2026-11-01'), wait('owner', '2026-12-20')),
    matter('other', wait('province', '2026-12-20'), wait('owner', '2026-11-01')),
    matter('own', wait('platform', '2026-11-01'), wait('province')),
  ]
  const listed = (party?: string, timing?: string) => open.filter((one) => waitsSo(one, { party, timing }, TODAY)).map((one) => one.matter_id)
  for (const { party, all, overdue } of loads(open, TODAY)) {
    expect([party, listed(party).length, listed(party, 'overdue').length]).toEqual([party, all, overdue])
  }
  expect(listed('province', 'overdue')).toEqual(['late'])
  expect(listed(undefined, 'overdue')).toEqual(['late', 'other'])
  expect(listed('platform')).toEqual(['own'])
  const filters = [
    { key: 'waits', admits: (one: Matter, party: string, { due }: Values) => waitsSo(one, { party, timing: due }, TODAY) },
    { key: 'due', admits: (one: Matter, timing: string, { waits }: Values) => waitsSo(one, { party: waits, timing }, TODAY) },
  ]
  const fetch = () => Promise.resolve({ data: open, has_more: false })
  const found = await walk({ fetch, filters, values: { waits: 'province', due: 'overdue' } }, { from: undefined, want: 9 })
  expect(found.rows.map((one) => one.matter_id)).toEqual(['late'])
})

test('of several waits a list shows the one that is due first', () => {
  expect(pressing([wait('platform', '2026-11-01'), wait('owner'), wait('ministry', '2026-12-03')])?.party).toBe('ministry')
  expect(pressing([wait('platform', '2026-11-01')])?.party).toBe('platform')
  expect(pressing([])).toBeUndefined()
})

test('what was missed is red, and an application that was sent back is no draft', () => {
  expect(toneOf({ kind: 'risk_event', state: 'overdue', is_ended: false })).toBe('bad')
  expect(toneOf({ kind: 'notice', state: 'missed', is_ended: true })).toBe('bad')
  expect(toneOf({ kind: 'ticket', state: 'closed', is_ended: true })).toBe('calm')
  expect(isReturned({ kind: 'application', waits: [{ ...wait('owner'), task: 'correct' }] })).toBe(true)
  expect(isReturned({ kind: 'application', waits: [{ ...wait('owner'), task: 'file' }] })).toBe(false)
})
