// What the editor offers is what the rules fill, kind by kind.

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { KINDS, LONGEST, originIn, PLACEHOLDERS, TOPICS, wholeOf } from '../src/features/template/kinds'

const read = (file: string) => readFileSync(new URL(`../../crates/domain/src/${file}`, import.meta.url), 'utf8')
const rules = read('template.rs')

/** The words of an enum of the rules, by the names of its variants. */
function wordsOf(source: string, name: string): Record<string, string> {
  const text = new RegExp(`^    ${name} \\{\\n([\\s\\S]*?)\\n    \\}`, 'm').exec(source)?.[1] ?? ''
  return Object.fromEntries([...text.matchAll(/^ {8}(\w+) = "([^"]+)",/gm)].map(([, variant = '', word = '']) => [variant, word]))
}

test.each(KINDS)('the placeholders of %s are those of the rules, in their order', (kind) => {
  const names = wordsOf(rules, 'Placeholder')
  const variant = Object.entries(wordsOf(rules, 'Kind')).find(([, word]) => word === kind)?.[0]
  const list = new RegExp(`Self::${variant} => &\\[([\\s\\S]*?)\\]`).exec(rules)?.[1] ?? ''
  const filled = [...list.matchAll(/P::(\w+)/g)].map(([, name = '']) => names[name])
  expect(filled.length).toBeGreaterThan(6)
  expect(PLACEHOLDERS[kind]).toEqual(filled)
})

test('kinds, topics and lengths are those of the rules', () => {
  expect(KINDS).toEqual(Object.values(wordsOf(rules, 'Kind')))
  expect(TOPICS).toEqual(Object.values(wordsOf(read('notice.rs'), 'Topic')))
  const longest = (file: string) => Number(/pub const LONGEST: usize = ([\d_]+);/.exec(read(file))?.[1]?.replaceAll('_', ''))
  expect(LONGEST).toEqual({ agreement: longest('agreement/evidence.rs'), notice: longest('matter.rs') })
})

test('a body says from which version its words came, or nothing', () => {
  const origin = { template_id: 'agt_01', number: 2 }
  expect(originIn({ template: origin, words: '停机' })).toEqual(origin)
  for (const body of [undefined, null, {}, { template: null }, { template: 'agt_01' }, { template: { template_id: 'agt_01' } }]) expect(originIn(body)).toBeUndefined()
})

test('a title stands above its text', () => {
  expect(wholeOf({ subject: '停机', text: '今晚' })).toBe('停机\n\n今晚')
  expect(wholeOf({ text: '协议' })).toBe('协议')
})
