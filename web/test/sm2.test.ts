import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { hexOf, ofHex, sm3Over } from '../src/parts/bytes'
import { verifies } from '../src/parts/sm2'

interface Vectors {
  public_key: string
  requests: { name: string; base: string | null; headers: { signature?: string } }[]
}

const vectors = JSON.parse(
  readFileSync(new URL('../../crates/sdk/vectors/signature.json', import.meta.url), 'utf8'),
) as Vectors

const key = ofHex(vectors.public_key)
const [signed] = vectors.requests.flatMap(({ base, headers }) => {
  const text = /^sig=:(.+):$/.exec(headers.signature ?? '')?.[1]
  return base && text ? [{ message: new TextEncoder().encode(base), signature: new Uint8Array(Buffer.from(text, 'base64')) }] : []
})

test('a signature that the platform made holds, and no byte of it, of the message or of the key may change', () => {
  const { message, signature } = signed ?? { message: new Uint8Array(), signature: new Uint8Array() }
  expect(verifies(key, message, signature)).toBe(true)
  const flipped = (bytes: Uint8Array, at: number) => bytes.map((byte, place) => (place === at ? byte ^ 1 : byte))
  expect(verifies(key, flipped(message, 3), signature)).toBe(false)
  for (const at of [0, 31, 32, 63]) expect(verifies(key, message, flipped(signature, at)), `byte ${at}`).toBe(false)
  expect(verifies(flipped(key, 40), message, signature), 'a point beside the curve').toBe(false)
  expect(verifies(key, message, signature.subarray(1))).toBe(false)
  expect(verifies(key, message, new Uint8Array(64)), 'r and s are not 0').toBe(false)
})

test('bytes are written in hexadecimal and read back, and nothing else is read', () => {
  expect(hexOf(ofHex('00ff10'))).toBe('00ff10')
  for (const wrong of ['0', 'FF', 'zz']) expect(() => ofHex(wrong)).toThrow()
  expect(sm3Over([97], [98, 99])).toBe('66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0')
})
