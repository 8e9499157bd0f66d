import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { said } from '../src/parts/clause_words'
import { documentOf, idsIn, read, sayings } from '../src/parts/clauses'

const SRC = fileURLToPath(new URL('../src', import.meta.url))

function sources(folder = SRC): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) return sources(path)
    return /\.tsx?$/.test(name) && existsSync(path) ? [readFileSync(path, 'utf8')] : []
  })
}

test('a clause says its own words, an article all of its clauses, a reading how it is read', () => {
  const table = read('id\tkind\tzh\ten\nCH-2.1\tD\t甲\ta\nCH-29.0\tG\t乙\tb\nCH-29.1\tG\t丙\tc\n', 'id\tclauses\tquestion\tzh\ten\nR1\tCH-2.1\t?\t丁\td\n')
  expect(sayings(table, 'CH-2.1')).toEqual([{ id: 'CH-2.1', zh: '甲', en: 'a', isReading: false }])
  expect(sayings(table, 'CH-29').map(({ id }) => id)).toEqual(['CH-29.0', 'CH-29.1'])
  expect(sayings(table, 'CH-2').map(({ id }) => id)).toEqual(['CH-2.1'])
  expect(sayings(table, 'R1')).toEqual([{ id: 'R1', zh: '丁', en: 'd', isReading: true }])
  expect(sayings(table, 'CH-3')).toEqual([])
})

test('several clauses at one field are told apart, and what is no clause opens nothing', () => {
  expect(idsIn('CH-F3.4 CH-F3.5、R15')).toEqual(['CH-F3.4', 'CH-F3.5', 'R15'])
  expect(['CH-F3.4', 'ND-1', 'R15', 'Rust', '第三条'].map(documentOf)).toEqual(['CH', 'ND', 'R', undefined, undefined])
})

test('every clause that stands at a field or in a list of the pages has words', () => {
  const cited = sources().flatMap((text) => [...text.matchAll(/(?:ids|clause)(?:=|: )["']([A-Z][\w.\- ]*)["']/g)].flatMap(([, ids = '']) => idsIn(ids)))
  expect(cited.length).toBeGreaterThan(20)
  expect([...new Set(cited)].filter((id) => documentOf(id) && said(id).length === 0)).toEqual([])
})
