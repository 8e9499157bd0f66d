// A key of somebody who signs outside of the portal: SM2 with SM3 (GB/T 32918), as an owner's own software would sign.

import { createHash, randomBytes } from 'node:crypto'

const P = 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn
const A = P - 3n
const B = 0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93n
const N = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n
const G: Point = [
  0x32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7n,
  0xbc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0n,
]
/** Who signs, where nobody has agreed on a name. */
const SIGNER = '1234567812345678'

type Point = [bigint, bigint]

const modulo = (value: bigint, by: bigint) => ((value % by) + by) % by

function power(base: bigint, exponent: bigint, by: bigint): bigint {
  let result = 1n
  for (let rest = exponent, square = modulo(base, by); rest > 0n; rest >>= 1n, square = (square * square) % by) {
    if (rest & 1n) result = (result * square) % by
  }
  return result
}

const inverse = (value: bigint, by: bigint) => power(value, by - 2n, by)

function add(one: Point | null, other: Point | null): Point | null {
  if (!one || !other) return one ?? other
  const isSame = one[0] === other[0]
  if (isSame && modulo(one[1] + other[1], P) === 0n) return null
  const slope = isSame
    ? (3n * one[0] * one[0] + A) * inverse(2n * one[1], P)
    : (other[1] - one[1]) * inverse(other[0] - one[0], P)
  const x = modulo(slope * slope - one[0] - other[0], P)
  return [x, modulo(slope * (one[0] - x) - one[1], P)]
}

function times(scalar: bigint, point: Point): Point {
  let result: Point | null = null
  for (let rest = scalar, double: Point | null = point; rest > 0n; rest >>= 1n, double = add(double, double)) {
    if (rest & 1n) result = add(result, double)
  }
  if (!result) throw new Error('a multiple of the order')
  return result
}

const hex = (value: bigint) => value.toString(16).padStart(64, '0')
const bytes = (...values: bigint[]) => Buffer.from(values.map(hex).join(''), 'hex')
const digest = (...parts: (Buffer | string)[]) => parts.reduce((hash, part) => hash.update(part), createHash('sm3')).digest()
const chance = () => modulo(BigInt(`0x${randomBytes(40).toString('hex')}`), N - 1n) + 1n

/** The text signed with a new key. */
export function certificateOf(text: string): { public_key: string; signature: string } {
  const secret = chance()
  const key = times(secret, G)
  const bits = Buffer.from([0, SIGNER.length * 8])
  const e = BigInt(`0x${digest(digest(bits, SIGNER, bytes(A, B, ...G, ...key)), text).toString('hex')}`)
  for (;;) {
    const k = chance()
    const r = modulo(e + times(k, G)[0], N)
    const s = modulo(inverse(secret + 1n, N) * (k - r * secret), N)
    if (r > 0n && r + k !== N && s > 0n) return { public_key: `04${hex(key[0])}${hex(key[1])}`, signature: hex(r) + hex(s) }
  }
}
