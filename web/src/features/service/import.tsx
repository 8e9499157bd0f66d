// Services opened to many channels and terminals at once, from a file.

import { useQueryClient } from '@tanstack/react-query'
import { Link } from 'react-router'
import { api, ask, type Schemas } from '../../api/client'
import { useSpeech } from '../../i18n'
import { type Import, told } from '../../import/plan'
import { ImportWizard } from '../../parts/import_wizard'
import { Page } from '../../parts/page'
import { OPENINGS } from './rows'

const PLAN: Import = {
  ...OPENINGS,
  send: async (rows, { isDry, signal }) => {
    const params = { query: { dry_run: isDry } }
    const body = { rows: rows as Schemas['OpeningRow'][] }
    return told(await ask(api.POST('/api/v1/openings/rows', { params, body, signal })))
  },
}

export function Component() {
  const { t } = useSpeech()
  const client = useQueryClient()
  return (
    <Page
      title={t('import.opening.title')}
      lead={t('import.opening.lead')}
      above={<Link to="/openings">{t('nav.openings')}</Link>}
    >
      <ImportWizard
        name={t('nav.openings')}
        plan={PLAN}
        imported={() => client.invalidateQueries({ queryKey: ['opening'] })}
      />
    </Page>
  )
}
