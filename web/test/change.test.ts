// What a change begins with and what it asks for.

import { expect, test } from 'vitest'
import { askedFor, begun, type Channel, contactOf, isOwnerKnown, laidOver, named, outcome, uncovered } from '../src/features/application/change'
import { readReceipt, written } from '../src/features/registration/receipt'
import { documentOf } from '../src/features/exit/certificate'

const service = (code: string, family: string, standard: boolean) => ({ code, family, standard }) as never
const CATALOGUE = [service('ecard.issue', 'issuance', true), service('query.card', 'query', true), service('login.scan', 'login', false)]
const CHANNEL = {
  name: '民生通',
  number: '3300000001',
  form: 'app',
  access_mode: 'sdk',
  regions: ['330100', '320000'],
  services: ['ecard.issue', 'query.card', 'login.scan'],
  owner: { name: '民生通公司', uscc: '91350100M000100Y43' },
} as unknown as Channel

test('CH-15.1: a change begins with the forms of the access, and with the scope of today', () => {
  const then = {
    one: { unit: 'company', owner_name: '旧名' },
    channel: { breadth: 'general', business: '民生', regions: [{ division: '330100', running_since: '2020-03-01' }, { division: '440000' }] },
  }
  const forms = begun(CHANNEL, then as never, CATALOGUE)
  expect(forms.one).toMatchObject({ unit: 'company', uscc: '91350100M000100Y43' })
  expect(forms.channel).toMatchObject({
    number: '3300000001',
    business: '民生',
    services: ['login.scan'],
    regions: [{ division: '330100', running_since: '2020-03-01' }, { division: '320000' }],
    test_keys: [],
  })
  // Untouched it asks for nothing new.
  expect(new Set(askedFor(forms.channel, CATALOGUE).services)).toEqual(new Set(CHANNEL.services))
})

test('CH-15.1: reviewers see what a change comes to, not what it asked for', () => {
  const before = ['330100', '320000']
  expect(outcome(before, ['330100', '320000', '440000'], ['330100', '320000', '440000'])).toEqual(['320000', '330100', '440000'])
  expect(outcome(before, ['330100', '320000', '440000'], ['320000']), 'what was there stays').toEqual(['320000', '330100'])
  expect(outcome(before, ['330000', '320000'], ['320000']), 'the province was refused').toEqual(['320000', '330100'])
  expect(outcome(before, ['330000', '320000'], ['330000', '320000'])).toEqual(['320000', '330000'])
  expect(outcome(before, ['440000'], ['440000']), 'two are given up').toEqual(['440000'])
  expect(outcome(before, ['440000'], []), 'sent back').toEqual(['440000'])
})

test('a channel without an application is general only with every standard service', () => {
  expect(begun(CHANNEL, undefined, CATALOGUE).channel.breadth).toBe('general')
  const narrow = { ...CHANNEL, services: ['ecard.issue', 'login.scan'] } as Channel
  expect(begun(narrow, undefined, CATALOGUE).channel).toMatchObject({ breadth: 'specialised', services: ['login.scan'] })
  expect(named(['ecard.issue', 'query.card'], 'specialised', CATALOGUE)).toEqual(['query.card'])
})

test('CH-15.1: a region is added or dropped only where no other region covers it', () => {
  expect(uncovered(['310000'], ['000000'])).toEqual([])
  expect(uncovered(['330100'], ['330000'])).toEqual([])
  expect(uncovered(['330106'], ['330100'])).toEqual([])
  expect(uncovered(['000000'], ['310000'])).toEqual(['000000'])
  expect(uncovered(['330000', '440000'], ['330100', '440000'])).toEqual(['330000'])
  // The prefecture 321000 ends in three zeros, of which one is its own.
  expect(uncovered(['321002', '320100'], ['321000'])).toEqual(['320100'])
})

test('CH-16.3: a change begins with the contact that was told last', () => {
  const [early, later] = [{ name: '早' }, { name: '晚' }]
  expect(contactOf({ forms: { one: { contact: early } as never }, formal: { contact: later } })).toBe(later)
  expect(contactOf({ forms: { one: { contact: early } as never }, formal: { contact: { name: '' } } })).toBe(early)
  const then = { one: { unit: 'bank', contact: early } } as never
  expect(begun(CHANNEL, then, CATALOGUE, later).one).toMatchObject({ unit: 'bank', contact: later })
  expect(begun(CHANNEL, then, CATALOGUE).one.contact).toBe(early)
  expect(begun(CHANNEL, undefined, CATALOGUE, later).one.contact).toBe(later)
})

test('CH-15.1: what a change leaves as it is lies over an empty draft, and nothing else does', () => {
  const then = { one: { unit: 'bank', innovation: 'signed', parent_number: '3300000009' }, level_two: { relation: 'same_entity' } }
  const kept = {
    one: { unit: '', innovation: '', parent_number: '', filled_on: '2026-11-26' },
    channel: { name: '', number: '', business: '新业务', services: [] },
    level_two: { relation: '', brand: '民生' },
  }
  const laid = laidOver(kept, begun(CHANNEL, then as never, CATALOGUE))
  expect(laid).toEqual({
    one: { unit: 'bank', innovation: 'signed', parent_number: '3300000009', filled_on: '2026-11-26' },
    channel: { name: '民生通', form: 'app', form_name: '', access_mode: 'sdk', number: '3300000001', business: '新业务', services: [] },
    level_two: { relation: 'same_entity', brand: '民生' },
  })
})

test('what the owner is stays to be said while it is not known', () => {
  const short = begun(CHANNEL, undefined, CATALOGUE)
  expect(isOwnerKnown(short)).toBe(false)
  const kept = { one: { unit: 'bank', innovation: 'signed' }, channel: {} }
  expect(laidOver(kept, short).one).toEqual({ unit: 'bank', innovation: 'signed' })
})

test('a receipt is read as it was written, with the blanks of copying and nothing else', () => {
  const receipt = { registration_id: `reg_${'0'.repeat(26)}`, receipt: 'abc2' }
  expect(readReceipt(` ${written(receipt)}\n`)).toEqual(receipt)
  for (const text of ['', 'abc2', `org_${'0'.repeat(26)}.abc`, `${written(receipt)}.x`, `reg_${'0'.repeat(26)}.`]) {
    expect(readReceipt(text), text).toBeNull()
  }
})

test('CH-36.1: a certificate is a text once everything is said', () => {
  const told = { deleted_on: '2026-11-26', categories: ['identity'], statement: '已删除 ', signed_by: '负责人' }
  const document = documentOf('3300000001', 'mat_1', told)
  expect(JSON.parse(document ?? '')).toEqual({ channel: '3300000001', exit: 'mat_1', ...told, statement: '已删除' })
  for (const missing of ['deleted_on', 'statement', 'signed_by'] as const) {
    expect(documentOf('1', 'mat_1', { ...told, [missing]: ' '.trim() }), missing).toBeNull()
  }
  expect(documentOf('1', 'mat_1', { ...told, categories: [] })).toBeNull()
})
