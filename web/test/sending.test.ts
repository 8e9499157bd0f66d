import { expect, test } from 'vitest'
import { answered, keyOf } from '../src/features/sending/key'
import { inOrder, inReasons, inStages, percentOf } from '../src/features/sending/progress'

const counts = (channels: number, answered: number, dropped: number) => ({
  channels,
  answered,
  dropped,
  read: answered,
  late: 0,
  left_out: 0,
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

test('every channel of a rotation stands at one stage, and who is asked no more at none', () => {
  const at = (stage: string, standing = 'open') => ({ standing, rotation: { stage } })
  expect(inStages([at('not_begun', 'late'), at('filed'), at('both', 'answered'), at('both'), at('not_begun', 'dropped')])).toEqual({
    not_begun: 1,
    drafted: 0,
    filed: 1,
    both: 2,
    rotated: 0,
  })
})

test('what was not answered is sent again under the same key, and what was, or says something else, under another', () => {
  const kept = new Map<string, string>()
  const place = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  }
  const first = keyOf(['notice', { words: 'a' }], place)
  expect(first).toMatch(/^[0-9a-f]{32}$/)
  expect(keyOf(['notice', { words: 'a' }], place)).toBe(first)
  expect(keyOf(['notice', { words: 'b' }], place)).not.toBe(first)
  const again = keyOf(['notice', { words: 'a' }], place)
  answered(place)
  expect(keyOf(['notice', { words: 'a' }], place)).not.toBe(again)
})

test('a text that cannot be filled is another reason to be left out than an agreement that cannot be changed', () => {
  const left = (channel_id: string, code: string) => ({ channel_id, channel_number: '', channel_name: '', code, zh: '', en: '' })
  const [bare, none, long] = [left('chn_1', 'template.absent'), left('chn_2', 'sending.no_agreement'), left('chn_3', 'template.too_long')]
  expect(inReasons('agreement', [bare, none, long])).toEqual([
    ['sending.unfilled', [bare, long]],
    ['sending.without_agreement', [none]],
  ])
  expect(inReasons('notice', [])).toEqual([])
})
