// Which second factor is shown: the passkey where the account has one that works at this address, else a code. A challenge is
// answered once, so another attempt asks for another one.

import { useRef, useState } from 'react'
import type { Schemas } from '../api/client'
import { type Assertion, fits, showPasskey } from './passkey'

type Asked = Schemas['FactorAsked']

interface Factor {
  /** What is asked for; none before it is known. */
  way: 'passkey' | 'code' | null
  /** Whether there is another way, to which `turn` leads. */
  hasOther: boolean
  turn: () => void
  /** At which origin the account's passkeys work, when that is not here. */
  elsewhere: string | null
  /** Asks the platform what may be shown. */
  ask: () => Promise<Asked>
  /** Shows the passkey. */
  show: () => Promise<Assertion>
  forget: () => void
}

export function useFactor(question: () => Promise<Asked>): Factor {
  const [asked, setAsked] = useState<Asked | null>(null)
  const [isByCode, setByCode] = useState(false)
  const fresh = useRef<Asked['passkey']>(null)
  const isHere = !!asked?.passkey && fits(asked.passkey.origin)
  const ask = async () => {
    const told = await question()
    setAsked(told)
    fresh.current = told.passkey
    return told
  }
  return {
    way: asked && (isHere && !(isByCode && asked.takes_code) ? 'passkey' : 'code'),
    hasOther: isHere && asked.takes_code,
    turn: () => setByCode(!isByCode),
    elsewhere: asked?.passkey && !isHere ? asked.passkey.origin : null,
    ask,
    show: async () => {
      const request = fresh.current ?? (await ask()).passkey
      fresh.current = null
      if (!request) throw new DOMException('the account has no passkey any more', 'NotAllowedError')
      return showPasskey(request)
    },
    forget: () => {
      setAsked(null)
      setByCode(false)
    },
  }
}
