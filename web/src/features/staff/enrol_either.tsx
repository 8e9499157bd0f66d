// The second factor that an account must have: an authenticator app, or a passkey where this address has them.

import { Alert, Button } from 'antd'
import { useState } from 'react'
import { useSpeech } from '../../i18n'
import { fits } from '../../parts/passkey'
import { AddPasskey } from './add_passkey'
import { Enrol } from './enrol'
import { useOwnPasskeys } from './own_passkeys'

export function EnrolEither() {
  const { t } = useSpeech()
  const [isPasskey, setPasskey] = useState(false)
  const { data } = useOwnPasskeys()
  const isOffered = fits(data?.origin)
  return (
    <>
      <Alert type="info" showIcon title={t('factor.compulsory')} className="gap-below" />
      {isPasskey ? <AddPasskey /> : <Enrol />}
      {isOffered && (
        <Button type="link" block className="gap-above" onClick={() => setPasskey(!isPasskey)}>
          {t(isPasskey ? 'factor.enrol' : 'passkey.add')}
        </Button>
      )}
    </>
  )
}
