import { expect, test } from 'vitest'
import { PLACES_OF_FORMAL, placeOf } from '../src/features/application/places'
import { laidOut, QUALIFICATIONS, reusable } from '../src/features/security_report/reuse'
import type { Say } from '../src/features/matter/naming'
import { words } from '../src/i18n/words'

const dictionary: Record<string, readonly [string, string]> = words
const say: Say = (family, value) => dictionary[`${family}.${value}`]?.[0] ?? value
const held = (kind: string) => ({ kind, number: `${kind}-1`, valid_from: '2025-01-01', valid_to: '2027-12-31' })

test('CH-28.5: a report that is used again is laid out as the form asks for it, without the file', () => {
  const report = {
    number: 'AQ-1',
    lab: { name: '检测中心', qualifications: ['cryptography', 'cnas', 'cma'].map(held) },
    specification: '规范',
    specification_version: '1.0',
    tested_on: '2026-03-02',
    scope: '全部',
    is_reused: false,
    outcome: 'passed',
    file: 'att_1',
  }
  const told = laidOut(report)
  expect(told).not.toHaveProperty('file')
  expect(told.is_reused).toBe(true)
  expect(told.lab.qualifications.map((one) => one.kind)).toEqual([...QUALIFICATIONS])
  expect(told.lab.qualifications.map((one) => one.number)).toEqual(['cnas-1', 'cma-1', '', 'cryptography-1'])
  expect(['accepted', 'retired', 'filed', 'draft'].map(reusable)).toEqual([true, true, false, false])
})

test('CH-F3.5: a remark may be about one step of one recording', () => {
  const pointer = '/form/marks/ios/change_password'
  expect(PLACES_OF_FORMAL).toContain(pointer)
  expect(placeOf(say, pointer)).toBe(`${say('system', 'ios')} · 修改密码`)
})

test('every item that a report is looked through for has words', () => {
  const items = ['cnas', 'cma', 'risk_assessment', 'cryptography', 'specification', 'tested_on', 'scope', 'document', 'retest']
  expect(items.filter((item) => !(`report_item.${item}` in words))).toEqual([])
  expect(items.filter((item) => !['specification', 'tested_on'].includes(item) && !(`report_confirm.${item}` in words))).toEqual([])
})
