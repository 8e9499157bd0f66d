import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Schemas } from '../src/api/client'
import { climb, rootOf, Verifier } from '../src/features/audit/proof'
import { verdictKey } from '../src/features/audit/verdict'
import { sm3Over } from '../src/parts/bytes'

type Entry = Schemas['TrailEntry']

/** A record as a server sent it, with its proof. */
const sent = JSON.parse(readFileSync(new URL('trail_entry.json', import.meta.url), 'utf8')) as Entry & { sealed: Schemas['ProofView'] }
const admits = (shown: object, proof: object = {}) => new Verifier().admits({ ...sent, ...shown }, { ...sent.sealed, ...proof })
/** The text with its last hexadecimal digit changed. */
const altered = (text: string) => `${text.slice(0, -1)}${text.endsWith('0') ? '1' : '0'}`

test('a record is admitted with the proof that a server made, under its head and key', () => {
  const verifier = new Verifier()
  expect(verifier.admits(sent, sent.sealed)).toBe(true)
  const seen = verifier.seen()
  expect([seen?.root, seen?.headAt, seen?.fingerprints.length]).toEqual([sent.sealed.head.root, sent.sealed.head.at, 1])
  expect(verifier.admits(sent, undefined)).toBe(false)
})

test('whatever is shown and was not sealed is found', () => {
  const [change, ...others] = sent.changes ?? []
  const wrong = {
    at: sent.at.replace('2024', '2025'),
    actor: 'system',
    action: 'service.closed',
    object: undefined,
    outcome: 'staff.role',
    clause: 'CH-1.1',
    request: undefined,
    address: '192.0.2.1',
    place: sent.place + 1,
    changes: [{ ...change, to: '330200' }, ...others],
  }
  for (const [field, value] of Object.entries(wrong)) expect(admits({ [field]: value }), field).toBe(false)
  expect(admits({ address: undefined, address_salt: undefined }), 'an address that is forgotten takes nothing from the proof').toBe(true)
  for (const address_salt of [undefined, null, '']) {
    expect(admits({ address_salt }), 'an address without its salt').toBe(false)
    expect(admits({ address: '192.0.2.1', address_salt }), 'an address of nobody').toBe(false)
  }
})

test('no part of a proof may change', () => {
  const { head, key, path, record } = sent.sealed
  expect(admits({}, { record: altered(record) })).toBe(false)
  path.forEach((step, at) => expect(admits({}, { path: path.with(at, altered(step)) }), `step ${at}`).toBe(false))
  expect(admits({}, { path: path.slice(1) })).toBe(false)
  for (const field of ['root', 'logs', 'signature'] as const) {
    expect(admits({}, { head: { ...head, [field]: altered(head[field]) } }), field).toBe(false)
  }
  expect(admits({}, { head: { ...head, at: head.at.replace('2026', '2027') } })).toBe(false)
  expect(admits({}, { key: { ...key, public_key: altered(key.public_key) } })).toBe(false)
  expect(admits({}, { key: { ...key, key_id: altered(key.key_id) } })).toBe(false)
})

test('a path leads to the root of the tree over all leaves, from each of its places and from no other', () => {
  const leaves = [0, 1, 2, 3, 4].map((byte) => sm3Over([0, byte]))
  const [a = '', b = '', c = '', d = '', e = ''] = leaves
  const node = (left: string, right: string) => sm3Over([1], Buffer.from(left, 'hex'), Buffer.from(right, 'hex'))
  const four = node(node(a, b), node(c, d))
  expect(rootOf(leaves)).toBe(node(four, e))
  expect(climb(c, 2n, 5n, [d, node(a, b), e])).toBe(node(four, e))
  expect(climb(e, 4n, 5n, [four])).toBe(node(four, e))
  expect(climb(c, 3n, 5n, [d, node(a, b), e])).not.toBe(node(four, e))
  expect(climb(e, 5n, 5n, [four])).toBeUndefined()
})

test('a verdict is not kept for other rows, however many, nor for the same places that say something else', () => {
  const next = { ...sent, place: sent.place + 1 }
  const key = verdictKey([sent, next])
  expect(verdictKey([{ ...sent }, { ...next }])).toBe(key)
  for (const others of [[sent], [next, sent], [sent, { ...next, place: 99 }], [sent, { ...next, log: '00' }], [sent, { ...next, actor: 'system' }]]) {
    expect(verdictKey(others)).not.toBe(key)
  }
})
