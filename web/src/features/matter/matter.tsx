// One matter: what it says, what happened to it, whom it waits for, and what whoever looks may do.

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from 'react-router'
import { useSpeech } from '../../i18n'
import { ActionBar } from '../../parts/action_bar'
import { momentText } from '../../parts/moment'
import { Facts, Page, Panel } from '../../parts/page'
import { Failure, Loading } from '../../parts/states'
import { StatusTag } from '../../parts/status_tag'
import { Timeline } from '../../parts/timeline'
import { Trail } from '../audit/trail'
import { ApplicationBody } from '../application/application_body'
import { ExitBody } from '../exit/exit_body'
import { MonitoringBody } from '../monitoring/monitoring_body'
import { ReportBody } from '../security_report/report_body'
import { Body } from './body'
import { Files } from './files'
import { inputOf, useActions } from './forms'
import { PrintedForms } from './printed_forms'
import { WaitView } from './wait_view'
import { act, askMatter, type Matter } from './wire'

export function Component() {
  const { t } = useSpeech()
  const { matter_id = '' } = useParams()
  const { data, error, refetch } = useQuery({ queryKey: ['matter', matter_id], queryFn: () => askMatter(matter_id) })
  if (error) {
    return (
      <Page title={t('nav.matters')}>
        <Failure error={error} retry={() => void refetch()} />
      </Page>
    )
  }
  return data ? <Shown matter={data} /> : <Loading />
}

function Shown({ matter }: { matter: Matter }) {
  const { t, name } = useSpeech()
  const client = useQueryClient()
  const actions = useActions(matter)
  const done = async (action: string, answer: Record<string, unknown>) => {
    const after = await act(matter, action, inputOf(matter, action, answer))
    client.setQueryData(['matter', matter.matter_id], after)
    await Promise.all([
      client.invalidateQueries({ queryKey: ['matter'] }),
      client.invalidateQueries({ queryKey: ['channel'] }),
    ])
  }
  const above = (
    <>
      <Link to="/matters">{t('nav.matters')}</Link> / <Link to={`/matters?kind=${matter.kind}`}>{name('kind', matter.kind)}</Link>
    </>
  )
  return (
    <Page
      title={matter.title}
      above={above}
      actions={
        <>
          {matter.kind === 'application' && <PrintedForms matter={matter} />}
          <StatusTag family={`state.${matter.kind}`} state={matter.state} tone={matter.is_ended ? 'calm' : 'note'} />
        </>
      }
    >
      <div className="columns">
        <div className="panels">
          <Panel>
            <Facts
              facts={[
                Boolean(matter.channel_id) && {
                  label: t('matter.channel'),
                  value: <Link to={`/channels/${matter.channel_id}`}>{matter.channel_name ?? matter.channel_id}</Link>,
                },
                { label: t('matter.owner'), value: matter.owner_name },
                { label: t('matter.opened'), value: momentText(matter.opened_at) },
                { label: t('matter.changed'), value: momentText(matter.changed_at) },
              ]}
            />
          </Panel>
          <Contents matter={matter} />
        </div>
        <div className="panels">
          <Panel title={t('matter.waits')}>
            {matter.waits.length === 0 && <p className="quiet">{t('matter.nobody')}</p>}
            {matter.waits.map((wait) => (
              <WaitView key={`${wait.party} ${wait.division} ${wait.task}`} kind={matter.kind} wait={wait} />
            ))}
          </Panel>
          <Panel title={t('matter.actions')}>
            <ActionBar actions={actions} act={done} />
          </Panel>
          <Files matter={matter} />
          <Panel title={t('matter.history')}>
            <History matter={matter} />
          </Panel>
          <Trail noun="matter" id={matter.matter_id} />
        </div>
      </div>
    </Page>
  )
}

/** What it says: some kinds have a page that says it better than a list of fields. */
function Contents({ matter }: { matter: Matter }) {
  if (matter.kind === 'application') return <ApplicationBody matter={matter} />
  if (matter.kind === 'exit') return <ExitBody matter={matter} />
  if (matter.kind === 'monitoring') return <MonitoringBody matter={matter} />
  if (matter.kind === 'security_report') return <ReportBody matter={matter} />
  return <Body matter={matter} />
}

function History({ matter }: { matter: Matter }) {
  const { t, name, language } = useSpeech()
  const title = (step: Matter['timeline'][number]) => {
    if (step.action === 'open') return t('matter.started')
    // The end of an improvement period is no failure: what follows it is the next evaluation.
    if (matter.kind === 'monitoring' && step.action === 'overdue.improve') return t('monitoring.over')
    if (step.action.startsWith('overdue.')) return t('matter.expired')
    return (language === 'en' ? step.label_en : step.label_zh) ?? name('step_of', step.action)
  }
  // Of drafts that were kept one after another the last one tells enough.
  const isKept = (step: Matter['timeline'][number] | undefined) => step?.action === 'save' || step?.action === 'save_formal'
  const told = matter.timeline.filter((step, place) => !(isKept(step) && isKept(matter.timeline[place + 1])))
  const entries = told.map((step) => ({
    key: String(step.number),
    at: step.at,
    title: title(step),
    actor: step.org_name ?? name('party', step.party),
    words: step.words,
  }))
  return <Timeline entries={entries.reverse()} />
}
