import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from 'react-router'
import { api, ask, type Schemas } from '../../api/client'
import { useDivisions } from '../../app/divisions'
import { useHolds } from '../../app/session'
import { useSpeech } from '../../i18n'
import { type Action, ActionBar } from '../../parts/action_bar'
import { useOrgs } from '../../parts/choose'
import { Loaded } from '../../parts/loaded'
import { momentText } from '../../parts/moment'
import { Facts, Page, Panel } from '../../parts/page'
import { StatusTag } from '../../parts/status_tag'
import { Trail } from '../audit/trail'
import { Keys } from '../key/keys'

type Terminal = Schemas['TerminalView']

export function Component() {
  const { t } = useSpeech()
  const { terminal_id = '' } = useParams()
  const found = useQuery({
    queryKey: ['terminal', terminal_id],
    queryFn: () => ask(api.GET('/api/v1/terminals/{terminal_id}', { params: { path: { terminal_id } } })),
  })
  return (
    <Loaded title={t('nav.terminals')} query={found}>
      {(terminal) => <Shown terminal={terminal} />}
    </Loaded>
  )
}

function Shown({ terminal }: { terminal: Terminal }) {
  const { t } = useSpeech()
  const divisions = useDivisions()
  const orgs = useOrgs()
  const refused = terminal.refused_codes
  const client = useQueryClient()
  const mayBlock = useHolds()('terminal.block')
  const next: Schemas['TerminalState'] = terminal.state === 'active' ? 'blocked' : 'active'
  const change: Action = {
    action: next,
    label: t(next === 'blocked' ? 'terminal.block' : 'terminal.unblock'),
    needs: ['reason'],
    isDangerous: next === 'blocked',
  }
  const act = async (state: string, { reason }: Record<string, unknown>) => {
    const params = { path: { terminal_id: terminal.terminal_id }, header: { 'If-Match': `"${terminal.version}"` } }
    const body = { state: state as Schemas['TerminalState'], reason: String(reason) }
    await ask(api.POST('/api/v1/terminals/{terminal_id}/state', { params, body }))
    await client.invalidateQueries({ queryKey: ['terminal'] })
  }
  return (
    <Page
      title={terminal.serial}
      above={<Link to="/terminals">{t('nav.terminals')}</Link>}
      actions={<StatusTag family="terminal_state" state={terminal.state} />}
    >
      <div className="panels">
        <Panel>
          <div className="panels">
            <Facts
              facts={[
                { label: t('terminal.org'), value: orgs.find((org) => org.org_id === terminal.org_id)?.name ?? terminal.org_id },
                { label: t('terminal.division'), value: divisions.name(terminal.division) },
                { label: t('terminal.psam'), value: terminal.psam_no ? <code>{terminal.psam_no}</code> : '—' },
                refused && {
                  label: t('terminal.refused_codes'),
                  value: t('terminal.refused_counts', { ...refused, at: momentText(refused.last_at) }),
                },
                terminal.reason ? { label: t('action.reason'), value: terminal.reason } : null,
                { label: t('list.created'), value: momentText(terminal.created_at) },
              ]}
            />
            {mayBlock && <ActionBar actions={[change]} act={act} />}
          </div>
        </Panel>
        <Panel title={t('key.title')}>
          <Keys owner={{ kind: 'terminal', id: terminal.terminal_id }} keys={terminal.keys} />
        </Panel>
        <Trail noun="terminal" id={terminal.terminal_id} />
      </div>
    </Page>
  )
}
