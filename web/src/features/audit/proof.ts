// Checks in the browser that what is shown of a record is what the platform sealed: the record under the root of its log
// (RFC 9162, 2.1.3.2), the log under the root of the head, the head under the signature. Nothing is taken on the server's
// word but whose the key is: its fingerprint is for whoever has it from elsewhere.

import type { Schemas } from '../../api/client'
import { hexOf, ofHex, sm3Over } from '../../parts/bytes'
import { verifies } from '../../parts/sm2'
import { readRecord } from './record'

type Entry = Schemas['TrailEntry']
type Proof = Schemas['ProofView']

const LOG_HEAD = 56

export interface Checked {
  /** When the newest of the heads was folded, and its root. */
  headAt: string
  root: string
  /** Of the keys that signed, as `ykt audit verify` shows them. */
  fingerprints: string[]
}

function microsOf(moment: string): bigint {
  const fraction = /\.(\d+)/.exec(moment)?.[1] ?? ''
  const whole = moment.replace(/\.\d+/, '')
  return BigInt(Date.parse(whole)) * 1000n + BigInt(fraction.padEnd(6, '0').slice(0, 6))
}

function big(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigInt64(0, value)
  return bytes
}

const leaf = (bytes: Uint8Array) => sm3Over([0], bytes)
const node = (left: string, right: string) => sm3Over([1], ofHex(left), ofHex(right))

/** The root over leaves: the left subtree is the largest perfect one that leaves something to the right. */
export function rootOf(leaves: string[]): string {
  const [first] = leaves
  if (first === undefined) return sm3Over()
  if (leaves.length === 1) return first
  const split = 2 ** Math.floor(Math.log2(leaves.length - 1))
  return node(rootOf(leaves.slice(0, split)), rootOf(leaves.slice(split)))
}

/** Where `path` leads from the leaf at `place` of a tree of `size` leaves; nothing when it fits no such tree. */
export function climb(start: string, place: bigint, size: bigint, path: string[]): string | undefined {
  if (place >= size) return undefined
  let [at, last, top] = [place, size - 1n, start]
  for (const sibling of path) {
    if (last === 0n) return undefined
    if (at % 2n === 1n || at === last) {
      top = node(sibling, top)
      while (at % 2n === 0n && at !== 0n) [at, last] = [at >> 1n, last >> 1n]
    } else {
      top = node(top, sibling)
    }
    ;[at, last] = [at >> 1n, last >> 1n]
  }
  return last === 0n ? top : undefined
}

function logsOf(head: Proof['head']): { log: string; size: bigint; root: string; bytes: Uint8Array }[] {
  const bytes = ofHex(head.logs)
  if (bytes.length % LOG_HEAD !== 0) throw new Error('not a head')
  return Array.from({ length: bytes.length / LOG_HEAD }, (_, at) => {
    const one = bytes.subarray(at * LOG_HEAD, (at + 1) * LOG_HEAD)
    const text = hexOf(one)
    return { log: text.slice(0, 32), size: BigInt(`0x${text.slice(32, 48)}`), root: text.slice(48), bytes: one }
  })
}

/** Whether a head is signed by the key beside it, and its root is that of its logs. */
function isSigned({ head, key }: Proof, logs: ReturnType<typeof logsOf>): boolean {
  if (head.key_id !== key.key_id || rootOf(logs.map((one) => leaf(one.bytes))) !== head.root) return false
  const records = logs.reduce((sum, one) => sum + one.size, 0n)
  const word = new TextEncoder().encode('ykt audit head 1\n')
  const parts = [word, big(microsOf(head.at)), big(BigInt(logs.length)), big(records), ofHex(head.root)]
  const message = Uint8Array.from(parts.flatMap((part) => [...part]))
  return verifies(ofHex(key.public_key), message, ofHex(head.signature))
}

const isThere = (text: string | null | undefined): text is string => text !== undefined && text !== null

function isSame(entry: Entry, record: ReturnType<typeof readRecord>): boolean {
  // An address that comes without its salt is shown on the server's word alone.
  if (isThere(entry.address) && !entry.address_salt) return false
  const whence =
    isThere(entry.address) && entry.address_salt
      ? sm3Over(new TextEncoder().encode('ykt audit address 1\n'), ofHex(entry.address_salt), new TextEncoder().encode(entry.address)).slice(0, 32)
      : record.whence
  const shown = entry.changes ?? []
  const changed = (one: Partial<Schemas['ChangeView']>) => JSON.stringify([one.field, one.from ?? null, one.to ?? null, one.withheld ?? false])
  return (
    record.at === microsOf(entry.at) &&
    record.actor === entry.actor &&
    record.action === entry.action &&
    record.object === (entry.object ?? undefined) &&
    record.outcome === entry.outcome &&
    record.clause === (entry.clause ?? undefined) &&
    record.request === (entry.request ?? undefined) &&
    record.whence === whence &&
    record.changes.map(changed).join() === shown.map(changed).join()
  )
}

export class Verifier {
  private readonly heads = new Map<string, boolean>()
  private newest: Proof['head'] | undefined
  private readonly keys = new Set<string>()

  /** Whether `entry`, as it is shown, is what `proof` proves to be sealed. */
  admits(entry: Entry, proof: Proof | null | undefined): boolean {
    try {
      return Boolean(proof && this.check(entry, proof))
    } catch {
      return false
    }
  }

  private check(entry: Entry, proof: Proof): boolean {
    if (proof.log !== entry.log || proof.place !== entry.place) return false
    const logs = logsOf(proof.head)
    const of = `${proof.head.at} ${proof.head.logs} ${proof.head.root} ${proof.head.signature} ${proof.key.public_key}`
    const known = this.heads.get(of) ?? isSigned(proof, logs)
    this.heads.set(of, known)
    const log = logs.find((one) => one.log === proof.log)
    if (!known || !log) return false
    const bytes = ofHex(proof.record)
    if (climb(leaf(bytes), BigInt(proof.place), log.size, proof.path) !== log.root) return false
    if (!isSame(entry, readRecord(bytes))) return false
    this.keys.add(sm3Over(ofHex(proof.key.public_key)).slice(0, 32))
    if (!this.newest || microsOf(proof.head.at) > microsOf(this.newest.at)) this.newest = proof.head
    return true
  }

  /** Under what everything that was admitted is sealed. */
  seen(): Checked | undefined {
    return this.newest && { headAt: this.newest.at, root: this.newest.root, fingerprints: [...this.keys] }
  }
}
