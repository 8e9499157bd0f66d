// What whoever has just signed in is told: when the account was signed in before, from where, and what failed since. Somebody
// else's use of it is noticed by nobody but its owner.

import { Alert } from 'antd'
import { Link } from 'react-router'
import { useSpeech } from '../i18n'
import { previousKey } from './previous'
import { momentText } from '../parts/moment'
import { type Previous, useSignIn } from './session'

export function Arrival() {
  const { t } = useSpeech()
  const { arrival, greet } = useSignIn()
  const say = usePrevious()
  if (!arrival) return null
  return (
    <Alert
      className="gap-below"
      type={arrival.failures > 0 ? 'warning' : 'info'}
      showIcon
      role="status"
      title={say(arrival)}
      description={
        <>
          {t('arrival.not_you')} <Link to="/security">{t('arrival.look')}</Link>
        </>
      }
      closable={{ onClose: greet, 'aria-label': t('action.close') }}
    />
  )
}

/** One sentence about how an account had signed in before. */
export function usePrevious(): (previous: Previous) => string {
  const { t } = useSpeech()
  return (previous) => t(previousKey(previous), { at: momentText(previous.signed_in_at), address: previous.address ?? '', n: previous.failures })
}
