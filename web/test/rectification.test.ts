import { expect, test } from 'vitest'
import { suspensionOf } from '../src/features/rectification/suspension'
import { stateOf } from '../src/features/service/opening_state'

test('ND-3.5e: an opening is suspended while a region withholds it, and closed once it has ended', () => {
  expect(stateOf({})).toBe('open')
  expect(stateOf({ suspended_at: '2026-03-02T09:00:00+08:00' })).toBe('suspended')
  expect(stateOf({ suspended_at: '2026-03-02T09:00:00+08:00', closed_at: '2026-03-03T09:00:00+08:00' })).toBe('closed')
})

test('ND-3.5e: a rectification withholds its service until the suspension is lifted', () => {
  const said = { words: '越权', at: 1_772_413_200_000_000 }
  expect(suspensionOf({})).toBeUndefined()
  expect(suspensionOf({ suspension: { said, lifted_at: null } })).toEqual({ from: '2026-03-02T01:00:00.000Z', until: undefined, words: '越权' })
  expect(suspensionOf({ suspension: { said, lifted_at: 1_772_499_600_000_000 } })?.until).toBe('2026-03-03T01:00:00.000Z')
})
