// Bytes and their hexadecimal.

import { Sm3 } from './sm3'

export function ofHex(text: string): Uint8Array {
  if (!/^([0-9a-f]{2})*$/.test(text)) throw new Error('not lower-case hexadecimal')
  return Uint8Array.from({ length: text.length / 2 }, (_, at) => Number.parseInt(text.slice(at * 2, at * 2 + 2), 16))
}

export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** SM3 over the parts one after another, in hexadecimal. */
export function sm3Over(...parts: (Uint8Array | number[])[]): string {
  const hash = new Sm3()
  for (const part of parts) hash.update(part instanceof Uint8Array ? part : Uint8Array.from(part))
  return hash.finish()
}
