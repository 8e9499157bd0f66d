import { expect, test } from 'vitest'
import { classOf, conditions, isFull, type Limits, modesOf } from '../src/features/application/conditions'
import { prepared } from '../src/features/matter/prepared'
import { faultOf } from '../src/features/org/uscc'

const LIMITS: Limits = { runningYears: 1, socialUsers: 1_000_000, companyYears: 1 }
const TODAY = '2026-11-25'

test('CH-3: the class follows from the owner, and the innovation agreement moves all but departments', () => {
  expect(classOf('hrss', 'signed')).toBe('hrss')
  expect(classOf('company', 'signed')).toBe('national_signed')
  expect(['bank', 'hospital', 'pharmacy', 'company'].map((unit) => classOf(unit, 'unsigned'))).toEqual([
    'bank',
    'medical',
    'medical',
    'social',
  ])
  expect(classOf('company', undefined)).toBeNull()
})

test('CH-8.3: an app chooses, every other form is offered H5 only', () => {
  expect(modesOf('app')).toEqual(['sdk', 'h5'])
  for (const form of ['official_account', 'life_account', 'mini_program', 'other']) expect(modesOf(form)).toEqual(['h5'])
})

test('CH-7.3: a year is full on the same day, and on the 28th of February after a leap day', () => {
  expect(isFull('2025-11-25', 1, TODAY)).toBe(true)
  expect(isFull('2025-11-26', 1, TODAY)).toBe(false)
  expect(isFull('2024-02-29', 1, '2025-02-28')).toBe(true)
  expect(isFull('2024-02-29', 1, '2025-02-27')).toBe(false)
})

test('CH-7.4: a social channel is told about its users at both sides of the limit, others are not asked', () => {
  const users = (unit: string, count: string) =>
    conditions({ one: { unit, innovation: 'unsigned' }, channel: { users: count } }, LIMITS, TODAY).find(
      (one) => one.key === 'users',
    )?.verdict
  expect(users('company', '1000000')).toBe(true)
  expect(users('company', '999999')).toBe(false)
  expect(users('company', '')).toBeNull()
  expect(users('bank', '1')).toBeUndefined()
})

test('GB 32100: a credit code is checked as it is typed', () => {
  expect(faultOf('91110000600037341L')).toBeNull()
  expect(faultOf('91110000600037341M')).toBe('check')
  expect(faultOf('91110000600037341')).toBe('length')
  expect(faultOf('9111000060003734IL')).toBe('letter')
})

test('what is left empty is not sent, and moments are sent in the zone they were meant in', () => {
  expect(prepared({ words: '停机', ends_at: '', nature: undefined, starts_at: '2026-11-25T23:00' })).toEqual({
    words: '停机',
    starts_at: '2026-11-25T23:00:00+08:00',
  })
})
