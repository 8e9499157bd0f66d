// What the forms send is what the rules read: they refuse a field that they do not know.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import * as openings from '../src/features/matter/asked'
import { type Asked, askedBy } from '../src/features/matter/asked'
import { labelOf, type Say } from '../src/features/matter/naming'
import { prepared } from '../src/features/matter/prepared'
import { CAUSES } from '../src/features/risk_event/causes'
import { words } from '../src/i18n/words'

const DOMAIN = new URL('../../crates/domain/src/', import.meta.url)
const dictionary: Record<string, readonly [string, string]> = words
const say: Say = (family, value) => dictionary[`${family}.${value}`]?.[0] ?? value

/** The Rust of a kind; nothing when the rules do not have it. */
function sourceOf(kind: string): string {
  const folder = new URL(`${kind}/`, DOMAIN)
  const inner = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.rs')) : []
  const files = [new URL(`${kind}.rs`, DOMAIN), ...inner.map((file) => new URL(file, folder))]
  return files.flatMap((file) => (existsSync(file) ? [readFileSync(file, 'utf8')] : [])).join('\n')
}

/** The fields of an action: `Input`'s variant of that name. */
function fieldsOf(source: string, action: string): string[] {
  const variant = action.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase())
  const input = /pub enum Input \{\n([\s\S]*?)\n\}/.exec(source)?.[1] ?? ''
  const text = new RegExp(`^    ${variant} \\{\\n([\\s\\S]*?)\\n    \\}`, 'm').exec(input)?.[1] ?? ''
  return [...text.matchAll(/^ {8}(\w+):/gm)].map(([, field = '']) => field)
}

function openingOf(source: string): string[] {
  const text = /pub struct Opening \{\n([\s\S]*?)\n\}/.exec(source)?.[1] ?? ''
  return [...text.matchAll(/^ {4}(?:pub )?(\w+):/gm)].map(([, field = '']) => field)
}

const tops = (asked: Asked[]) => [...new Set(asked.map(({ at }) => String(at[0])))]

const ACTIONS = [
  'agreement.sign',
  'signing_key.file',
  'signing_key.confirm',
  'key_change.file',
  'key_change.confirm',
  'agreement.amend',
  'security_report.submit',
  'risk_event.contain',
  'risk_event.propose',
  'risk_event.propose_decision',
  'monitoring.propose_outcome',
  'exit.consult',
  'exit.reply',
  'exit.prompt',
  'exit.announce',
  'exit.certify',
  'campaign.revise',
  'rectification.answer',
  'rectification.ask_time',
  'rectification.return',
  'ticket.close',
  'filing.report',
].map((name) => name.split('.') as [string, string])

test.each(ACTIONS.filter(([kind]) => sourceOf(kind)))('%s %s asks for every field that the rules read, and no other', (kind, action) => {
  const asked = askedBy(kind, action, { body: { channels: ['20000001'] } }) ?? []
  const read = fieldsOf(sourceOf(kind), action).filter((field) => field !== 'words')
  expect(read).not.toEqual([])
  expect(tops(asked).sort()).toEqual(read.sort())
})

const OPENINGS: [string, Asked[]][] = [
  ['agreement', openings.AGREEMENT],
  ['campaign', openings.CAMPAIGN],
  ['risk_event', openings.RISK_EVENT],
  ['security_report', openings.ORDERED_TEST],
  ['exit', [...openings.VOLUNTARY_EXIT, ...openings.FORCED_EXIT]],
  ['ticket', openings.TICKET],
  ['key_change', openings.KEY_CHANGE],
  ['key_rotation', openings.KEY_ROTATION],
]

test.each(OPENINGS.filter(([kind]) => sourceOf(kind)))('%s begins with the fields that the rules read', (kind, asked) => {
  expect(tops(asked).sort()).toEqual(openingOf(sourceOf(kind)).sort())
})

test('every field and every choice has a word', () => {
  const actions = ACTIONS.map(([kind, action]) => [kind, askedBy(kind, action, { body: { channels: ['20000001'] } }) ?? []] as const)
  const unnamed = [...actions, ...OPENINGS].flatMap(([kind, asked]) =>
    asked.flatMap(({ at }) => {
      const field = String(at.findLast((part) => typeof part === 'string'))
      return labelOf(say, kind, field) === field ? [`${kind} ${field}`] : []
    }),
  )
  expect(unnamed).toEqual([])
})

test('CH-11.4d: a report has one row for each channel of the month', () => {
  const asked = askedBy('filing', 'report', { body: { channels: ['20000001', '20000002'] } }) ?? []
  expect(asked.filter(({ as }) => as === 'fixed').map(({ at, of }) => [at.join('/'), of?.[0]])).toEqual([
    ['rows/0/channel', '20000001'],
    ['rows/1/channel', '20000002'],
  ])
})

test('a group of empty fields is left out, what was said stays', () => {
  expect(prepared({ recipient: { name: '', number: undefined }, is_crime_suspected: false, cause: 'law_broken' })).toEqual({
    is_crime_suspected: false,
    cause: 'law_broken',
  })
  expect(prepared({ withheld: { services: [] }, report: { lab: { qualifications: [{ kind: 'cma', number: '' }] } } })).toEqual({
    withheld: { services: [] },
    report: { lab: { qualifications: [{ kind: 'cma' }] } },
  })
  expect(prepared({ discovered_at: '2026-11-25T09:00' })).toEqual({ discovered_at: '2026-11-25T09:00:00+08:00' })
})

test('a cause is offered under the grade that the article gives it, and asks for a recipient where the rules do', () => {
  const told = readFileSync(new URL('risk_event/causes.txt', DOMAIN), 'utf8').trim().split('\n').map((line) => line.split(' '))
  expect(CAUSES.map(({ cause, grade }) => [cause, grade])).toEqual(told.map(([, cause, grade]) => [cause, grade]))
  const rule = /fn has_recipient[\s\S]*?\n {4}\}/.exec(sourceOf('risk_event'))?.[0] ?? ''
  const passed = [...rule.matchAll(/(?:Self|Cause)::(\w+)/g)].map(([, cause = '']) => cause.replace(/(?<!^)[A-Z]/g, (letter) => `_${letter}`).toLowerCase())
  expect(passed.length).toBeGreaterThan(0)
  expect(CAUSES.filter((one) => one.hasRecipient).map(({ cause }) => cause)).toEqual(passed)
})
