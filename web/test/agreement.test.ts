import { expect, test } from 'vitest'
import { textDifference } from '../src/parts/text_difference'

const told = (before: string, after: string) => textDifference(before, after).map(({ sign, text }) => `${sign}${text}`)

test('what a changed text keeps, loses and gains is told line by line, in the order of the text', () => {
  expect(told('第一条\n第二条\n第三条', '第一条\n第二条（新）\n第三条')).toEqual(['=第一条', '-第二条', '+第二条（新）', '=第三条'])
  expect(told('a\nb\nc\nd', 'a\nc\nx\nd')).toEqual(['=a', '-b', '=c', '+x', '=d'])
  expect(told('a', 'a')).toEqual(['=a'])
  expect(told('a\na', 'a')).toEqual(['=a', '-a'])
  expect(told('', 'a')).toEqual(['-', '+a'])
})

test('a text too long to be compared line by line is shown as replaced between its common ends', () => {
  const lines = (word: string) => ['head', ...Array.from({ length: 3000 }, (_, at) => `${word} ${at}`), 'tail'].join('\n')
  const found = told(lines('a'), lines('b'))
  expect([found[0], found[1], found.at(-2), found.at(-1)]).toEqual(['=head', '-a 0', '+b 2999', '=tail'])
  expect(found).toHaveLength(6002)
})
