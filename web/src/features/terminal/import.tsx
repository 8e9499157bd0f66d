// Terminals of many departments at once, from a file.

import { useQueryClient } from '@tanstack/react-query'
import { Link } from 'react-router'
import { api, ask, type Schemas } from '../../api/client'
import { useSpeech } from '../../i18n'
import { type Import, told } from '../../import/plan'
import { ImportWizard } from '../../parts/import_wizard'
import { Page } from '../../parts/page'

const TERMINALS: Import = {
  columns: [
    { field: 'serial', title: 'terminal.serial', hint: 'import.terminal.serial_hint', isRequired: true },
    { field: 'org', title: 'import.terminal.org', hint: 'import.terminal.org_hint', isRequired: true },
    { field: 'division', title: 'import.terminal.division', hint: 'import.terminal.division_hint', isRequired: true },
    { field: 'psam_no', title: 'terminal.psam', hint: 'import.terminal.psam_hint' },
  ],
  keys: [['serial']],
  chunk: 200,
  most: 5000,
  send: async (rows, { isDry, signal }) => {
    const params = { query: { dry_run: isDry } }
    const body = { rows: rows as Schemas['TerminalRow'][] }
    return told(await ask(api.POST('/api/v1/terminals/rows', { params, body, signal })))
  },
}

export function Component() {
  const { t } = useSpeech()
  const client = useQueryClient()
  return (
    <Page
      title={t('import.terminal.title')}
      lead={t('import.terminal.lead')}
      above={<Link to="/terminals">{t('nav.terminals')}</Link>}
    >
      <ImportWizard
        name={t('nav.terminals')}
        plan={TERMINALS}
        imported={() => client.invalidateQueries({ queryKey: ['terminal'] })}
      />
    </Page>
  )
}
