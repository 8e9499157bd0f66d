import { expect, test } from 'vitest'
import { digestOf, isSame, PART } from '../src/parts/piecewise'
import { Sm3, sm3Of } from '../src/parts/sm3'

test('GB/T 32905: the examples of the standard', () => {
  expect(sm3Of('abc')).toBe('66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0')
  expect(sm3Of('abcd'.repeat(16))).toBe('debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732')
})

test('the digest does not depend on where the pieces end', () => {
  const bytes = Uint8Array.from({ length: 300 }, (_, place) => (place * 7) % 256)
  const whole = new Sm3().update(bytes).finish()
  for (const size of [1, 55, 56, 63, 64, 65, 128]) {
    const hash = new Sm3()
    for (let at = 0; at < bytes.length; at += size) hash.update(bytes.subarray(at, at + size))
    expect(hash.finish(), `pieces of ${size}`).toBe(whole)
  }
})

test('a file is read part by part, and reading stops when it is cancelled', async () => {
  const file = new File([new Uint8Array(PART + 5)], 'film.mp4')
  const shares: number[] = []
  const controller = new AbortController()
  const told = { signal: controller.signal, progress: ({ share }: { share: number }) => void shares.push(share) }
  expect(await digestOf(file, told)).toBe(new Sm3().update(new Uint8Array(PART + 5)).finish())
  expect(shares).toEqual([PART / (PART + 5), 1])
  controller.abort()
  await expect(digestOf(file, told)).rejects.toThrow()
})

test('only the same file for the same purpose that has not arrived whole is gone on with', () => {
  const begun = { state: 'receiving', sm3: 'ab', purpose: 'licence', size: 9 }
  expect(isSame(begun, 'ab', { purpose: 'licence', size: 9 })).toBe(true)
  expect(isSame({ ...begun, state: 'complete' }, 'ab', { purpose: 'licence', size: 9 })).toBe(false)
  expect(isSame(begun, 'cd', { purpose: 'licence', size: 9 })).toBe(false)
  expect(isSame(begun, 'ab', { purpose: 'entry_sketch', size: 9 })).toBe(false)
})
