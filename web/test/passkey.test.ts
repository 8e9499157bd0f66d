import { afterEach, expect, test, vi } from 'vitest'

afterEach(() => vi.unstubAllGlobals())

test('a passkey is shown at the one origin that the platform compares', async () => {
  const at = (address: string) => {
    const location = new URL(address)
    vi.stubGlobal('location', location)
    vi.stubGlobal('window', { isSecureContext: true, location })
  }
  at('https://ykt.example.cn/portal/')
  class Credential {
    static parseCreationOptionsFromJSON = () => ({})
  }
  vi.stubGlobal('PublicKeyCredential', Credential)
  const { fits } = await import('../src/parts/passkey')
  expect(fits('https://ykt.example.cn')).toBe(true)
  expect(fits('https://ykt.example.cn:8443')).toBe(false)
  expect(fits('https://example.cn')).toBe(false)
  expect(fits('http://ykt.example.cn')).toBe(false)
  at('https://ykt.example.cn:8443/portal/')
  expect(fits('https://ykt.example.cn')).toBe(false)
  expect(fits('https://ykt.example.cn:8443')).toBe(true)
})
