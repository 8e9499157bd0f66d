// SM2 (GB/T 32918.2): whether a signature holds, under the default user id. Only checking, whose inputs are all public: nothing
// here is constant in time, and nothing here may ever touch a secret.

import { hexOf, ofHex, sm3Over } from './bytes'

const P = 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn
const N = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n
const A = P - 3n
const B = 0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93n
const G: Point = {
  x: 0x32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7n,
  y: 0xbc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0n,
  z: 1n,
}
const USER_ID = new TextEncoder().encode('1234567812345678')

/** In Jacobian coordinates; at infinity with `z` 0. */
interface Point {
  x: bigint
  y: bigint
  z: bigint
}

const NOWHERE: Point = { x: 1n, y: 1n, z: 0n }

function mod(value: bigint, by: bigint = P): bigint {
  const rest = value % by
  return rest < 0n ? rest + by : rest
}

function inverse(value: bigint): bigint {
  let [a, b, x, y] = [mod(value), P, 1n, 0n]
  while (a > 1n) {
    const times = b / a
    ;[a, b, x, y] = [b - times * a, a, y - times * x, x]
  }
  return mod(x)
}

function double({ x, y, z }: Point): Point {
  if (z === 0n) return NOWHERE
  const yy = mod(y * y)
  const s = mod(4n * x * yy)
  const m = mod(3n * x * x + A * mod(z * z) ** 2n)
  const nx = mod(m * m - 2n * s)
  return { x: nx, y: mod(m * (s - nx) - 8n * yy * yy), z: mod(2n * y * z) }
}

function add(one: Point, other: Point): Point {
  if (one.z === 0n) return other
  if (other.z === 0n) return one
  const [zz, ww] = [mod(one.z * one.z), mod(other.z * other.z)]
  const [u, v] = [mod(one.x * ww), mod(other.x * zz)]
  const [s, t] = [mod(one.y * ww * other.z), mod(other.y * zz * one.z)]
  if (u === v) return s === t ? double(one) : NOWHERE
  const h = mod(v - u)
  const r = mod(t - s)
  const hh = mod(h * h)
  const hhh = mod(hh * h)
  const x = mod(r * r - hhh - 2n * u * hh)
  return { x, y: mod(r * (u * hh - x) - s * hhh), z: mod(h * one.z * other.z) }
}

/** `s`·G + `t`·`key`. */
function sum(s: bigint, t: bigint, key: Point): Point {
  const both = add(G, key)
  let found = NOWHERE
  for (let bit = 255n; bit >= 0n; bit -= 1n) {
    found = double(found)
    const [first, second] = [(s >> bit) & 1n, (t >> bit) & 1n]
    if (first && second) found = add(found, both)
    else if (first) found = add(found, G)
    else if (second) found = add(found, key)
  }
  return found
}

function number(bytes: Uint8Array): bigint {
  return BigInt(`0x${hexOf(bytes) || '0'}`)
}

function bytesOf(value: bigint): Uint8Array {
  return ofHex(value.toString(16).padStart(64, '0'))
}

/** Whether `signature` (r‖s) is one of `message` under `key` (0x04‖x‖y). */
export function verifies(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (key.length !== 65 || key[0] !== 4 || signature.length !== 64) return false
  const [x, y] = [number(key.subarray(1, 33)), number(key.subarray(33))]
  if (x >= P || y >= P || mod(y * y - (x * x * x + A * x + B)) !== 0n) return false
  const [r, s] = [number(signature.subarray(0, 32)), number(signature.subarray(32))]
  if (r < 1n || r >= N || s < 1n || s >= N) return false
  const t = mod(r + s, N)
  if (t === 0n) return false
  const who = sm3Over([0, USER_ID.length * 8], USER_ID, ...[A, B, G.x, G.y, x, y].map(bytesOf))
  const digest = BigInt(`0x${sm3Over(bytesOf(BigInt(`0x${who}`)), message)}`)
  const point = sum(s, t, { x, y, z: 1n })
  if (point.z === 0n) return false
  const z = inverse(point.z)
  return mod(digest + mod(point.x * z * z), N) === r
}
