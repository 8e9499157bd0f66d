// Organisations of many places at once, from a file.

import { useQueryClient } from '@tanstack/react-query'
import { Link } from 'react-router'
import { api, ask, type Schemas } from '../../api/client'
import { useSpeech } from '../../i18n'
import { type Import, told } from '../../import/plan'
import { ImportWizard } from '../../parts/import_wizard'
import { Page } from '../../parts/page'
import { ORGS } from './rows'

const PLAN: Import = {
  ...ORGS,
  send: async (rows, { isDry, signal }) => {
    const params = { query: { dry_run: isDry } }
    const body = { rows: rows as Schemas['OrgRow'][] }
    return told(await ask(api.POST('/api/v1/orgs/rows', { params, body, signal })))
  },
}

export function Component() {
  const { t } = useSpeech()
  const client = useQueryClient()
  return (
    <Page title={t('import.org.title')} lead={t('import.org.lead')} above={<Link to="/orgs">{t('nav.orgs')}</Link>}>
      <ImportWizard name={t('nav.orgs')} plan={PLAN} imported={() => client.invalidateQueries({ queryKey: ['org'] })} />
    </Page>
  )
}
