import { expect, test } from 'vitest'
import type { Schemas } from '../src/api/client'
import { byDay, millis, operationName, success } from '../src/features/traffic/figures'
import { lingering } from '../src/features/traffic/key_use'

const key = (key_id: string, state: Schemas['KeyState']) => ({ key_id, state }) as Schemas['KeyView']
const used = (key_id: string, calls_yesterday: number, calls_today: number) => ({ key_id, calls_yesterday, calls_today })

test('a key that has a successor or an end and is still called with is named, one that rests is not', () => {
  const keys = [key('rests', 'retiring'), key('old', 'retiring'), key('gone', 'revoked'), key('new', 'active'), key('encrypts', 'retiring')]
  const traffic = [used('rests', 0, 0), used('old', 3, 0), used('gone', 0, 1), used('new', 9, 9)]
  expect(lingering(keys, traffic).map((one) => one.key.key_id)).toEqual(['old', 'gone'])
})

const counted = (calls: number, answered: number) => ({ calls, answered, refused: calls - answered, failed: 0, p50_micros: 3072, p95_micros: 98_304 })

test('a day without a request is drawn as none, without a share and without a time', () => {
  const view = { days: [{ day_on: '2026-11-25', ...counted(4, 3) }], operations: [], codes: [], issuance: { asked: 0, answered: 0, gates: [] } }
  const [first, second, third] = byDay(view, '2026-11-24', '2026-11-26')
  expect(second).toEqual({ day: '2026-11-25', answered: 3, refused: 1, failed: 0, success: 75, p50: 3.1, p95: 98.3 })
  expect([first, third]).toEqual(['2026-11-24', '2026-11-26'].map((day) => ({ day, answered: 0, refused: 0, failed: 0, success: null, p50: null, p95: null })))
})

test('one failure among many is not told as none, and nothing has no share', () => {
  expect([success(counted(1_000_000, 999_999)), success(counted(0, 0)), success(undefined)]).toEqual([99.99, null, null])
  expect([millis(128), millis(null)]).toEqual([0.1, null])
  expect(operationName('POST /api/v1/payments')).toBe('POST /payments')
})
