// A sealed record, read from its bytes: 0x01 ‖ (tag ‖ length ‖ value)*, tags ascending; the tag of a change once for each.

import { hexOf } from '../../parts/bytes'

export interface Change {
  field: string
  from?: string
  to?: string
  withheld: boolean
}

export interface Sealed {
  /** µs since 1970. */
  at: bigint
  actor: string
  action: string
  object?: string
  outcome: string
  clause?: string
  request?: string
  /** The commitment to the address, hexadecimal. */
  whence?: string
  changes: Change[]
}

const TAG = { at: 1, actor: 2, action: 5, object: 6, outcome: 8, clause: 9, request: 11, whence: 12, change: 13 }
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

/** An id as the API writes it, of its sixteen bytes. */
export function idText(prefix: string, bytes: Uint8Array): string {
  let rest = BigInt(`0x${hexOf(bytes)}`)
  let text = ''
  for (let place = 0; place < 26; place += 1) {
    text = `${ALPHABET[Number(rest & 31n)]}${text}`
    rest >>= 5n
  }
  return `${prefix}_${text}`
}

function ascii(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes)
}

function reference(bytes: Uint8Array): string {
  return idText(ascii(bytes.subarray(0, 4)).replace(/\0+$/, ''), bytes.subarray(4))
}

function actor(bytes: Uint8Array): string {
  if (bytes[0] === 1) return reference(bytes.subarray(1))
  return bytes[0] === 2 ? 'holder' : 'system'
}

const WITHHELD = '\u0001'

function change(bytes: Uint8Array): Change {
  const [field = '', from = '', to = ''] = ascii(bytes).split('\0')
  const value = (text: string) => (text === '' || text === WITHHELD ? undefined : text)
  return { field, from: value(from), to: value(to), withheld: from === WITHHELD || to === WITHHELD }
}

export function readRecord(bytes: Uint8Array): Sealed {
  if (bytes[0] !== 1) throw new Error('not a record')
  const parts: { tag: number; value: Uint8Array }[] = []
  for (let at = 1; at < bytes.length; ) {
    const length = bytes[at + 1] ?? 0
    const end = at + 2 + length
    if (end > bytes.length) throw new Error('not a record')
    parts.push({ tag: bytes[at] ?? 0, value: bytes.subarray(at + 2, end) })
    at = end
  }
  const find = (tag: number) => parts.find((part) => part.tag === tag)?.value
  const read = <T>(tag: number, as: (value: Uint8Array) => T) => {
    const value = find(tag)
    return value && as(value)
  }
  const needed = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('not a record')
    return value
  }
  return {
    at: needed(read(TAG.at, (value) => BigInt.asIntN(64, BigInt(`0x${hexOf(value)}`)))),
    actor: needed(read(TAG.actor, actor)),
    action: needed(read(TAG.action, ascii)),
    object: read(TAG.object, reference),
    outcome: needed(read(TAG.outcome, ascii)) || 'done',
    clause: read(TAG.clause, ascii),
    request: read(TAG.request, (value) => idText('req', value)),
    whence: read(TAG.whence, hexOf),
    changes: parts.filter((part) => part.tag === TAG.change).map((part) => change(part.value)),
  }
}
