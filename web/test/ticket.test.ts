import { expect, test } from 'vitest'
import { MOST_OWN, read, readyFor, requestOf, withReply } from '../src/features/ticket/replies'
import { words } from '../src/i18n/words'

test('the replies of one’s own come back, and anything strange counts as none', () => {
  expect(read('["甲","乙"]')).toEqual(['甲', '乙'])
  for (const text of [null, '', '{', '{}', '[1,"", " "]', JSON.stringify(['x'.repeat(2001)])]) expect(read(text), String(text)).toEqual([])
})

test('a reply that is kept stands first, once, and there are so many at most', () => {
  expect(withReply(['a', 'b'], ' b ')).toEqual(['b', 'a'])
  expect(withReply(['a'], '  ')).toEqual(['a'])
  const many = Array.from({ length: MOST_OWN }, (_, at) => String(at))
  expect(withReply(many, 'new')).toHaveLength(MOST_OWN)
})

test('what a ticket is about has ready replies, without a number of anybody', () => {
  for (const category of ['user', 'common', 'public_opinion', 'malicious', undefined]) {
    const ready = readyFor(category)
    expect(ready.length).toBeGreaterThan(1)
    for (const key of ready) expect(words[key][0]).not.toMatch(/\d{11}/)
  }
})

test('the id of a request is found in what a channel wrote, and nothing else is taken for one', () => {
  const id = `req_${'0a'.repeat(13)}`
  expect(requestOf(id)).toBe(id)
  expect(requestOf(`请求编号：${id}。`)).toBe(id)
  for (const text of [undefined, null, '', 'req_1', `${id}0`, 'REQ']) expect(requestOf(text), String(text)).toBeUndefined()
})
