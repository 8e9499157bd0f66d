// What becomes of a copy where the browser refuses it or has no clipboard.

import { afterEach, expect, test, vi } from 'vitest'
import { isCopied } from '../src/parts/copy'

afterEach(() => {
  vi.unstubAllGlobals()
})

test('a text is copied, or it is known that it was not', async () => {
  const writeText = vi.fn(() => Promise.resolve())
  vi.stubGlobal('navigator', { clipboard: { writeText } })
  expect(await isCopied('abc')).toBe(true)
  expect(writeText).toHaveBeenCalledWith('abc')
  vi.stubGlobal('navigator', { clipboard: { writeText: () => Promise.reject(new Error('NotAllowedError')) } })
  expect(await isCopied('abc')).toBe(false)
  vi.stubGlobal('navigator', {})
  expect(await isCopied('abc')).toBe(false)
})
