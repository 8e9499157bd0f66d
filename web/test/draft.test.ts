import { expect, test } from 'vitest'
import { differences } from '../src/parts/differences'
import { carried, countOf, drop, keep, keepOnly, keyOf, read, written } from '../src/parts/draft'
import { fieldOf, type Say } from '../src/features/matter/naming'
import { words } from '../src/i18n/words'

/** A tab's storage. */
function tab(): Storage {
  const kept = new Map<string, string>()
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
    key: (at) => [...kept.keys()][at] ?? null,
    clear: () => kept.clear(),
    get length() {
      return kept.size
    },
  }
}

const AT = '2026-03-02T01:02:03Z'
const FILE = `att_${'0'.repeat(26)}`

test('a draft comes back to the account and the form that it was written in, and to no other', () => {
  const place = tab()
  const own = keyOf('stf_1', 'application.new')
  keep(place, own, { values: { forms: { one: { owner_name: '甲公司' } } }, at: AT, version: 3 })
  expect(read(place, own)).toEqual({ values: { forms: { one: { owner_name: '甲公司' } } }, at: AT, version: 3 })
  expect(read(place, keyOf('stf_2', 'application.new'))).toBeNull()
  expect(read(place, keyOf('stf_1', 'application.mat_1'))).toBeNull()
  drop(place, own)
  expect(read(place, own)).toBeNull()
})

test('whoever signs out leaves no draft, and whoever signs in finds only their own', () => {
  const place = tab()
  for (const who of ['stf_1', 'stf_12']) keep(place, keyOf(who, 'open.risk_event'), { values: { words: who }, at: AT })
  place.setItem('another', 'thing')
  expect(countOf(place, 'stf_1')).toBe(1)
  keepOnly(place, 'stf_1')
  expect([countOf(place, 'stf_1'), countOf(place, 'stf_12')]).toEqual([1, 0])
  keepOnly(place)
  expect(countOf(place, 'stf_1')).toBe(0)
  expect(place.getItem('another')).toBe('thing')
})

test('no secret and no file is kept, and a change of nothing else is no draft', () => {
  expect(written({ words: '', password: 'x', typed_to_confirm: 'y', inner: { private_key: 'z', name: '甲' } })).toEqual({ words: '', inner: { name: '甲' } })
  expect(written({ files: { recording_ios: FILE, many: [FILE, FILE] } })).toBeUndefined()
  expect(written({ report: { file: FILE, scope: '全部' } })).toEqual({ report: { scope: '全部' } })
  expect(written({ words: undefined })).not.toBeUndefined()
})

test('nobody whom a ticket or a risk event is about is kept', () => {
  const holder = { name: '甲', document: '110101199003070000' }
  expect(written({ opening: { holder, subject: '无法领取' } })).toEqual({ opening: { subject: '无法领取' } })
  expect(written({ opening: { holder } })).toBeUndefined()
  expect(written({ cause: 'interface_to_third', recipient: { name: '乙', number: '1' } })).toEqual({ cause: 'interface_to_third' })
})

test('what was signed or looked through on one version is not taken up on another', () => {
  const certificate = { document: '{}', signature: 'aa' }
  expect(carried({ words: '同意', signature: 'aa', confirmed: ['scope'], seen: ['ios start'], certificate })).toEqual({ words: '同意', certificate: { document: '{}' } })
  expect(carried({ signature: 'aa' })).toEqual({})
})

test('what is strange, and a browser that keeps nothing, stop nobody', () => {
  const place = tab()
  for (const text of ['', '{', '[]', '3', '{"at":1,"values":{}}', `{"at":"${AT}","values":null}`]) {
    place.setItem('key', text)
    expect(read(place, 'key'), text).toBeNull()
  }
  const shut = { ...tab(), setItem: () => { throw new Error('full') }, getItem: () => { throw new Error('shut') } }
  expect(keep(shut, 'key', { values: {}, at: AT })).toBe(false)
  expect(read(shut, 'key')).toBeNull()
})

test('two forms differ leaf by leaf, and what says nothing is the same however it says it', () => {
  const before = { one: { unit: 'bank', contact: { name: '甲' } }, regions: [{ division: '330000', users: '' }], services: ['a'], note: '' }
  const after = { one: { unit: 'bank', contact: { name: '乙' } }, regions: [{ division: '330000' }, { division: '430000' }], services: ['a', 'b'] }
  expect(differences(before, after)).toEqual([
    { at: ['one', 'contact', 'name'], from: '甲', to: '乙' },
    { at: ['regions', 1, 'division'], from: undefined, to: '430000' },
    { at: ['services'], from: ['a'], to: ['a', 'b'] },
  ])
  expect(differences(before, before)).toEqual([])
  expect(differences(undefined, { words: [] })).toEqual([])
})

test('a field that differs is called what the form calls it', () => {
  const dictionary: Record<string, readonly [string, string]> = words
  const say: Say = (family, value) => dictionary[`${family}.${value}`]?.[0] ?? value
  expect(fieldOf(say, 'application', ['forms', 'one', 'contact', 'name'])).toBe('联系人')
  expect(fieldOf(say, 'application', ['forms', 'channel', 'regions', 1, 'users'])).toBe('该地用户数 2')
  expect(fieldOf(say, 'risk_event', ['words'])).toBe('情况说明')
})
