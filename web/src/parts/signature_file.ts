// What `ykt key sign` writes: a document with its SM2 signature and the public key.

export interface Signed {
  public_key: string
  signature: string
}

/** Why a file is no signature of a statement. */
export type Fault = 'not_a_signature' | 'another_document'

export function readSignature(text: string, statement: string): Signed | Fault {
  let told: unknown
  try {
    told = JSON.parse(text)
  } catch {
    return 'not_a_signature'
  }
  const { document, public_key, signature } = (told ?? {}) as Record<string, unknown>
  if (typeof public_key !== 'string' || typeof signature !== 'string' || typeof document !== 'string') return 'not_a_signature'
  if (!/^04[0-9a-f]{128}$/.test(public_key) || !/^[0-9a-f]{128}$/.test(signature)) return 'not_a_signature'
  return document === statement ? { public_key, signature } : 'another_document'
}
