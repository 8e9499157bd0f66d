// The second factor that an account must have: an authenticator app, or a passkey where this address has them.

import { useQuery } from '@tanstack/react-query'
import { Alert, Button } from 'antd'
import { useState } from 'react'
import { api, ask } from '../../api/client'
import { useSpeech } from '../../i18n'
import { hasPasskeys } from '../../parts/passkey'
import { AddPasskey } from './add_passkey'
import { Enrol } from './enrol'

export function EnrolEither() {
  const { t } = useSpeech()
  const [isPasskey, setPasskey] = useState(false)
  const { data } = useQuery({ queryKey: ['passkey'], queryFn: () => ask(api.GET('/api/v1/staff/passkeys')) })
  const isOffered = data?.origin === location.origin && hasPasskeys()
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
