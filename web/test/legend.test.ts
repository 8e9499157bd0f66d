import { expect, test } from 'vitest'
import { legendRows } from '../src/parts/legend'

test('names of series that do not fit beside each other take more lines', () => {
  const rows = (...names: string[]) => legendRows(names.map((name) => ({ name })))
  expect(rows('本期', '上年同期')).toBe(1)
  expect(rows('社保卡信息查询', '就业信息查询', '人才信息查询', '展码亮证')).toBe(2)
  expect(rows('answered', 'refused', 'failed')).toBe(1)
  expect(rows('Social security card', 'Employment information', 'Talent information')).toBe(3)
  expect(rows()).toBe(1)
})
