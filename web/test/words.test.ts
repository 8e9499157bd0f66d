// Every word that the rules write about a matter has words in both languages. The rules are read where they are written.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { labelOf, type Say, statesOf as wordsOf, taskOf, wordOf } from '../src/features/matter/naming'
import { words } from '../src/i18n/words'

const DOMAIN = new URL('../../crates/domain/src/', import.meta.url)
const KINDS = Object.keys(words).flatMap((key) => (key.startsWith('kind.') ? [key.slice('kind.'.length)] : []))

const dictionary: Record<string, readonly [string, string]> = words
const say: Say = (family, value) => dictionary[`${family}.${value}`]?.[0] ?? value

/** The Rust of a kind that the rules have, its tests left out. */
function sourceOf(kind: string): string {
  const folder = new URL(`${kind}/`, DOMAIN)
  const inner = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.rs') && file !== 'tests.rs') : []
  const files = [new URL(`${kind}.rs`, DOMAIN), ...inner.map((file) => new URL(file, folder))]
  return files.flatMap((file) => (existsSync(file) ? readFileSync(file, 'utf8').split('#[cfg(test)]\nmod tests {')[0] : [])).join('\n')
}

/** The states that the snapshot of a kind's workflow goes between. */
function statesOf(workflow: string): string[] {
  const arrows = [...workflow.matchAll(/^(\w+) --\w+-+> (.+)$/gm)]
  return [...new Set(arrows.flatMap(([, from = '', to = '']) => [from, ...to.split(/[\s|]+/)]))]
}

const kinds = KINDS.filter((kind) => sourceOf(kind) !== '')
const workflows = KINDS.map((kind) => ({ kind, file: new URL(`${kind}/workflow.txt`, DOMAIN) })).filter(({ file }) =>
  existsSync(file),
)

test('the rules are found', () => {
  expect(kinds).toContain('suggestion')
  expect(workflows.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['risk_event', 'security_report', 'exit']))
})

test.each(workflows)('every state of the workflow of $kind has a word', ({ kind, file }) => {
  const states = statesOf(readFileSync(file, 'utf8'))
  expect(states.length).toBeGreaterThan(1)
  expect(states.filter((state) => !(`state.${kind}.${state}` in words))).toEqual([])
})

test.each(kinds)('every state that %s names has a word, also one that nothing leads to', (kind) => {
  const table = /^ {4}State \{\n([^}]*)\}/m.exec(sourceOf(kind))?.[1] ?? ''
  const states = [...table.matchAll(/= "(\w+)"/g)].map(([, state = '']) => state)
  expect(states.length).toBeGreaterThan(1)
  expect(states.filter((state) => !(`state.${kind}.${state}` in words))).toEqual([])
  expect(wordsOf(kind).filter((state) => !states.includes(state)), 'a list is narrowed to no state that the platform refuses').toEqual([])
})

test.each(kinds)('every task that %s waits for has a word', (kind) => {
  const found = sourceOf(kind).matchAll(/Party::\w+, (?:correct\()?"(\w+)"|task: "(\w+)"|owner\("(\w+)"/g)
  const tasks = [...found].map(([, ...task]) => task.find(Boolean) ?? '')
  expect(tasks.length).toBeGreaterThan(0)
  expect(tasks.filter((task) => taskOf(say, kind, task) === task)).toEqual([])
})

test.each(kinds)('every act of the platform in %s has a word', (kind) => {
  const acts = [...sourceOf(kind).matchAll(/Expiry::Acts\((?:super::)?Action::(\w+)/g)].map(([, act = '']) =>
    act.replace(/(?<!^)[A-Z]/g, (letter) => `_${letter}`).toLowerCase(),
  )
  expect(acts.filter((act) => !(`act.${kind}.${act}` in words))).toEqual([])
})

/** An application has a page of its own and names its fields there. */
const generic = kinds.filter((kind) => kind !== 'application')

test.each(generic)('every field that %s keeps has a name', (kind) => {
  const kept = [...sourceOf(kind).matchAll(/derive\([^)]*\bSerialize[^)]*\)\](?:\n#\[[^\n]*)*\n(?:pub )?struct \w+ \{\n([^}]*)\n\}/g)]
  const fields = kept.flatMap(([, text = '']) => [...text.matchAll(/^ {4}(?:pub )?([a-z]\w*):/gm)].map(([, field = '']) => field))
  const hidden = ['state', 'by', 'opened_by', 'filed_by', 'sent_by', 'reported_by', 'acknowledged_by']
  expect(fields.length).toBeGreaterThan(3)
  expect(fields.filter((field) => !hidden.includes(field) && labelOf(say, kind, field) === field)).toEqual([])
})

test('a value is said by what its field holds', () => {
  expect(wordOf(say, 'risk_event', 'suspected', 'page_tampering')).toBe('页面篡改等')
  expect(wordOf(say, 'monitoring', 'before', 'warned')).toBe('已告警')
  expect(wordOf(say, 'exit', 'acts', 'close')).toBe('关闭接口和渠道门户')
  expect(wordOf(say, 'exit', 'party', 'owner')).toBe('渠道所属单位')
  expect(wordOf(say, 'exit', 'reason', '业务调整')).toBe('业务调整')
})

test('what a grade means names no period: how long there is to put it right is a parameter', () => {
  const means = ['1', '2', '3'].flatMap((grade) => dictionary[`grade_means.${grade}`] ?? [])
  expect(means).toHaveLength(6)
  expect(means.filter((text) => /\d|[一二两三四五六七八九十]个?[日天周月年]|day|week|month|year/.test(text))).toEqual([])
})
