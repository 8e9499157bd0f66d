// Asking this device for a passkey: the platform's question in the words of Web Authentication, and the answer in the platform's.

import { Refused, type Schemas } from '../api/client'
import type { Speaker } from '../i18n'

type Begun = Schemas['PasskeyBegun']
type Request = Schemas['PasskeyRequest']
type Made = Pick<Schemas['RegisterPasskey'], 'client_data' | 'attestation_object'>
export type Assertion = Schemas['PasskeyAssertion']

/** Whether this browser can make and show passkeys here: an address without a name has none. */
export const hasPasskeys = (): boolean =>
  window.isSecureContext && typeof PublicKeyCredential === 'function' && 'parseCreationOptionsFromJSON' in PublicKeyCredential

/** Whether what a passkey answers on this page is taken: the platform compares the origin, so another port or subdomain is another place. */
export const fits = (origin: string | null | undefined): boolean => hasPasskeys() && location.origin === origin

/** `AuthenticationResponseJSON`, as far as it is asked for. */
interface ShownJSON {
  id: string
  response: { clientDataJSON: string; authenticatorData: string; signature: string }
}

const named = (ids: string[]) => ids.map((id) => ({ type: 'public-key' as const, id }))

export async function makePasskey(begun: Begun, platform: string): Promise<Made> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON({
    challenge: begun.challenge,
    rp: { id: begun.rp_id, name: platform },
    user: { id: begun.user_id, name: begun.user_name, displayName: begun.user_name },
    pubKeyCredParams: begun.algorithms.map((alg) => ({ type: 'public-key', alg })),
    excludeCredentials: named(begun.credential_ids),
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
    attestation: 'none',
    timeout: begun.timeout_seconds * 1000,
  })
  const made = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential
  const { response } = made.toJSON() as { response: { clientDataJSON: string; attestationObject: string } }
  return { client_data: response.clientDataJSON, attestation_object: response.attestationObject }
}

export async function showPasskey(request: Request): Promise<Assertion> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON({
    challenge: request.challenge,
    rpId: request.rp_id,
    allowCredentials: named(request.credential_ids),
    userVerification: 'required',
    timeout: request.timeout_seconds * 1000,
  })
  const shown = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential
  const { id, response } = shown.toJSON() as ShownJSON
  return {
    credential_id: id,
    client_data: response.clientDataJSON,
    authenticator_data: response.authenticatorData,
    signature: response.signature,
  }
}

/** What the browser refused, in words; everything else as it is. */
export function inWords(refused: unknown, { t }: Pick<Speaker, 't'>): unknown {
  if (!(refused instanceof DOMException)) return refused
  const title = t(refused.name === 'InvalidStateError' ? 'passkey.here' : 'passkey.cancelled')
  return new Refused({ type: 'about:blank', title, status: 400, code: '', request_id: '', retryable: true })
}
