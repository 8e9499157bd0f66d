import { expect, test } from 'vitest'
import { courseOf, cut, spanOf } from '../src/features/risk_event/course'

const at = (day: number, hour = 0) => new Date(Date.UTC(2026, 2, day, hour)).toISOString()
const row = (key: string, when: string, isDue = false) => ({ key, at: when, title: key, isDue })

test('the course of an incident goes from its first moment to its next deadline, each row told how long after the one above', () => {
  const { rows } = courseOf([row('due', at(30), true), row('confirm', at(3)), row('found', at(1)), row('open', at(1, 1))], [])
  expect(rows.map(({ key, after }) => [key, after])).toEqual([
    ['found', null],
    ['open', 3_600_000],
    ['confirm', 169_200_000],
    ['due', 2_332_800_000],
  ])
})

test('services are withheld from the row where that began to the row where it ended, or to the last that has happened', () => {
  const rows = [row('found', at(1)), row('open', at(2)), row('pass', at(5)), row('due', at(30), true)]
  const { bars, lanes } = courseOf(rows, [
    { key: 'first', from: at(2), until: at(5) },
    { key: 'next', from: at(5), until: null },
    { key: 'beside', from: at(2), until: null },
  ])
  expect(bars).toEqual([
    { key: 'first', from: 1, to: 2, isOpen: false, lane: 0 },
    { key: 'beside', from: 1, to: 2, isOpen: true, lane: 1 },
    { key: 'next', from: 2, to: 2, isOpen: true, lane: 0 },
  ])
  expect(lanes).toBe(2)
  expect(courseOf([], []).rows).toEqual([])
})

test('a span of time is told in its two largest units', () => {
  expect(spanOf(3 * 86_400_000 + 2 * 3_600_000 + 60_000)).toEqual([['days', 3], ['hours', 2]])
  expect(spanOf(86_400_000 + 60_000)).toEqual([['days', 1]])
  expect(spanOf(90 * 60_000)).toEqual([['hours', 1], ['minutes', 30]])
  expect(spanOf(59_999)).toEqual([])
})

test('a line is cut where it has no more room, a Chinese letter taking twice that of another', () => {
  expect(cut('abcd', 4)).toBe('abcd')
  expect(cut('abcde', 4)).toBe('abcd…')
  expect(cut('页面篡改', 4)).toBe('页面…')
})
