import { expect, test } from 'vitest'
import { inOrder, percentOf } from '../src/features/sending/progress'

const counts = (channels: number, answered: number, dropped: number) => ({
  channels,
  answered,
  dropped,
  read: answered,
  late: 0,
  open: channels - answered - dropped,
})

test('a share is of those who could answer, and full only when all have', () => {
  expect(percentOf(counts(4, 1, 1))).toBe(33)
  expect(percentOf(counts(1000, 999, 0))).toBe(99)
  expect(percentOf(counts(2, 0, 2))).toBe(100)
})

test('those who have not answered come first, and the late ones before all', () => {
  const all = ['answered', 'open', 'dropped', 'late'].map((standing) => ({ standing }))
  expect(inOrder(all).map(({ standing }) => standing)).toEqual(['late', 'open', 'dropped', 'answered'])
})
