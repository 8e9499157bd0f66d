import { expect, test } from 'vitest'
import { read } from '../src/app/preferences'
import { brief, counted } from '../src/parts/count'
import { ago } from '../src/parts/moment'

test('a large number is written whole, or in the units of the language', () => {
  expect(counted(12_345_678, 'zh-CN', false)).toBe('12,345,678')
  expect(counted(12_345_678, 'zh-CN', true)).toBe('1,234.57万')
  expect(counted(123_456_789, 'zh-CN', true)).toBe('1.23亿')
  expect([counted(9_999, 'zh-CN', true), counted(10_000, 'zh-CN', true), counted(-20_000, 'zh-CN', true)]).toEqual(['9,999', '1万', '-2万'])
  expect([counted(999, 'en', true), counted(1_500, 'en', true), counted(2_500_000, 'en', true)]).toEqual(['999', '1.5k', '2.5M'])
})

test('in a tile a number has five characters at most', () => {
  expect([0, 999, 9_999, 10_000, 12_345, 99_999, 588_404, 1_485_512, 123_456_789].map((value) => brief(value, 'zh-CN'))).toEqual(
    ['0', '999', '9,999', '1万', '1.2万', '10万', '59万', '149万', '1.2亿'],
  )
  expect([999, 1_000, 588_404, 1_485_512].map((value) => brief(value, 'en'))).toEqual(['999', '1k', '588k', '1.5M'])
})

test('a moment is said as long ago as it is, in the largest whole unit', () => {
  const now = Date.parse('2026-11-26T08:00:00Z')
  const said = (moment: string) => ago(moment, now, 'zh-CN')
  expect(said('2026-11-26T07:59:40Z')).toBe('刚刚')
  expect(said('2026-11-26T07:01:00Z')).toBe('59分钟前')
  expect(said('2026-11-26T07:00:00Z')).toBe('1小时前')
  expect(said('2026-11-24T08:00:00Z')).toBe('2天前')
  expect(said('2026-11-26T10:00:00Z')).toBe('2小时后')
  expect(ago('2026-11-26T07:00:00Z', now, 'en')).toBe('1 hour ago')
  expect(ago('2026-08-01T00:00:00Z', now, 'zh-CN')).toBe('')
})

test('what was kept before there was a choice counts as not chosen', () => {
  expect(read('{"language":"en"}')).toMatchObject({ language: 'en', isHigh: false, isGrey: false, isShort: false })
  expect(read('{"isHigh":true,"isGrey":"yes"}')).toMatchObject({ isHigh: true, isGrey: false })
})
