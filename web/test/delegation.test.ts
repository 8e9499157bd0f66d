import { expect, test } from 'vitest'
import { type Delegation, toldOf } from '../src/features/delegation/told'

const person = (login: string) => ({ staff_id: login, login, role: 'region_admin' })
const one = (side: string, state: string): Delegation => ({
  delegation_id: `${side} ${state}`,
  giver: person('away'),
  taker: person('here'),
  side,
  state,
  from_on: '2026-03-02',
  until_on: '2026-03-05',
  offered_at: '2026-03-01T00:00:00+08:00',
  actions: [],
})

test('the header tells for whom one may act now, what waits for an answer, and who acts in the own place', () => {
  const states = ['offered', 'coming', 'in_force', 'lapsed', 'declined', 'revoked']
  const all = states.flatMap((state) => [one('giver', state), one('taker', state)])
  const { mayActFor, asked, represented } = toldOf(all)
  expect(mayActFor.map(({ delegation_id }) => delegation_id)).toEqual(['taker in_force'])
  expect(asked.map(({ delegation_id }) => delegation_id)).toEqual(['taker offered'])
  expect(represented?.delegation_id).toBe('giver in_force')
  expect(toldOf([])).toEqual({ mayActFor: [], asked: [], represented: undefined })
})
