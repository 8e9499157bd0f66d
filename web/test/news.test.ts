import { expect, test } from 'vitest'
import { RELEASES, unseen } from '../src/app/news'

const newest = RELEASES.at(-1)?.id ?? ''

test('what is new is told once after an upgrade, and not to somebody who has never been here', () => {
  expect(unseen(null, false)).toEqual([])
  expect(unseen(null, true)).toEqual(RELEASES)
  expect(unseen(newest, true)).toEqual([])
  expect(unseen('2000-01', true)).toEqual(RELEASES)
})

test('releases stand in their order and each tells something', () => {
  const ids = RELEASES.map(({ id }) => id)
  expect(ids).toEqual(ids.toSorted())
  expect(RELEASES.every(({ items }) => items.length > 0)).toBe(true)
})
