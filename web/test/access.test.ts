import { expect, test } from 'vitest'
import { readSignature } from '../src/parts/signature_file'
import { clockText, marksOf, secondsOf, toldOf } from '../src/features/application/marks'
import { PLACES_OF_FORMAL, placeOf, placesOfTest } from '../src/features/application/places'
import type { Say } from '../src/features/matter/naming'
import { words } from '../src/i18n/words'

const dictionary: Record<string, readonly [string, string]> = words
const say: Say = (family, value) => dictionary[`${family}.${value}`]?.[0] ?? value

test('CH-F3.5: the moment of a step is written as minutes and seconds', () => {
  expect(['0:04', '1:05', '65', ' 2：10 ', '12:00'].map(secondsOf)).toEqual([4, 65, 65, 130, 720])
  expect(['', undefined, '1:60', '1:', 'x', '1:2:3'].map(secondsOf)).toEqual([null, null, null, null, null, null])
  expect([0, 4.9, 65, 3600].map(clockText)).toEqual(['0:00', '0:04', '1:05', '60:00'])
})

test('CH-F3.5: marks go to the platform and come back as they were, those that say nothing left out', () => {
  const marks = { ios: { enter: '0:04', exit: '' }, android: { issue: '1:05' } }
  const told = toldOf(marks)
  expect(told).toEqual([
    { system: 'ios', step: 'enter', at_seconds: 4 },
    { system: 'android', step: 'issue', at_seconds: 65 },
  ])
  expect(marksOf(told)).toEqual({ ios: { enter: '0:04' }, android: { issue: '1:05' } })
})

test('CH-25.2: a file is taken as a signature of the statement that it carries word for word, and of no other', () => {
  const file = { document: '声明\n', public_key: `04${'ab'.repeat(64)}`, signature: 'cd'.repeat(64), sm3: '' }
  const { public_key, signature } = file
  expect(readSignature(JSON.stringify(file), '声明\n')).toEqual({ public_key, signature })
  expect(readSignature(JSON.stringify(file), '声明')).toBe('another_document')
  expect(readSignature(JSON.stringify({ ...file, signature: 'cd' }), '声明\n')).toBe('not_a_signature')
  for (const text of ['', 'null', '[]', '{}', '声明']) expect(readSignature(text, '声明\n'), text).toBe('not_a_signature')
})

test('every place that a reviewer may point at has a name', () => {
  const all = [...placesOfTest({ isSocial: true, isLevelTwo: true, formsOf: [] }), ...PLACES_OF_FORMAL]
  expect(all.length).toBeGreaterThan(40)
  expect(all.filter((pointer) => /[/_]/.test(placeOf(say, pointer)))).toEqual([])
  expect(placesOfTest({ isSocial: false, isLevelTwo: false, formsOf: [] }).some((pointer) => /two|licence/.test(pointer))).toBe(false)
})
