import { useSession } from '../../app/session'
import { useSpeech } from '../../i18n'
import { Page, Panel } from '../../parts/page'

export function Component() {
  const { t } = useSpeech()
  const session = useSession()
  return (
    <Page title={t('nav.overview')}>
      <Panel title={session.org.name}>{session.staff.login}</Panel>
    </Page>
  )
}
