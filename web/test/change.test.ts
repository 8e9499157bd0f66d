// What a change begins with and what it asks for.

import { expect, test } from 'vitest'
import { askedFor, begun, type Channel, named } from '../src/features/application/change'
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

test('a channel without an application is general only with every standard service', () => {
  expect(begun(CHANNEL, undefined, CATALOGUE).channel.breadth).toBe('general')
  const narrow = { ...CHANNEL, services: ['ecard.issue', 'login.scan'] } as Channel
  expect(begun(narrow, undefined, CATALOGUE).channel).toMatchObject({ breadth: 'specialised', services: ['login.scan'] })
  expect(named(['ecard.issue', 'query.card'], 'specialised', CATALOGUE)).toEqual(['query.card'])
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
