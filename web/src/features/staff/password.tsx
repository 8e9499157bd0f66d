import { useNavigate } from 'react-router'
import { useSession } from '../../app/session'
import { useSpeech } from '../../i18n'
import { Page, Panel } from '../../parts/page'
import { PasswordForm } from './password_form'

export function Component() {
  const { t } = useSpeech()
  const { login } = useSession().staff
  const navigate = useNavigate()
  return (
    <Page title={t('account.password')}>
      <div className="narrow">
        <Panel>
          <PasswordForm login={login} whenDone={() => void navigate('/')} />
        </Panel>
      </div>
    </Page>
  )
}
