// One matter: what it says, what happened to it, whom it waits for, and what whoever looks may do.

import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { ComponentType } from 'react'
import { Link, useParams } from 'react-router'
import { useSpeech } from '../../i18n'
import { type Action, ActionBar } from '../../parts/action_bar'
import { lazily } from '../../parts/lazily'
import { Loaded } from '../../parts/loaded'
import { momentText } from '../../parts/moment'
import { ReadOnly } from '../../parts/read_only'
import { Facts, Page, Panel } from '../../parts/page'
import { Loading } from '../../parts/states'
import { Timeline } from '../../parts/timeline'
import { Usual } from '../duration/usual'
import { besides, ExitCourse } from '../exit/exit_course'
import { Found } from '../security_report/found'
import { AdvicePanel } from './advice'
import { isForColleague } from './answers'
import { Assigned } from './assigned'
import { Body } from './body'
import { useConflict } from './conflict'
import { Files } from './files'
import { inputOf, useActions } from './forms'
import { useHistory } from './history'
import { MatterState } from './matter_state'
import { PrintedForms } from './printed_forms'
import { Remind } from './remind'
import { useSelf } from './self'
import { Waits } from './wait_view'
import { act, askMatter, type Matter } from './wire'

// What stands beside a matter, or belongs to some kinds only, comes after it.
const Trail = lazily(async () => (await import('../audit/trail')).Trail)
const AgreementPaper = lazily(async () => (await import('../agreement/agreement_paper')).AgreementPaper)
const ContactOfMatter = lazily(async () => (await import('../contact/contact_of_matter')).ContactOfMatter)
const EventCourse = lazily(async () => (await import('../risk_event/event_course')).EventCourse)

/** What kinds say that have a page which says it better than a list of fields. */
const CONTENTS: Record<string, ComponentType<{ matter: Matter }>> = {
  agreement: lazily(async () => (await import('../agreement/agreement_body')).AgreementBody, <Loading />),
  application: lazily(async () => (await import('../application/application_body')).ApplicationBody, <Loading />),
  exit: lazily(async () => (await import('../exit/exit_body')).ExitBody, <Loading />),
  monitoring: lazily(async () => (await import('../monitoring/monitoring_body')).MonitoringBody, <Loading />),
  rectification: lazily(async () => (await import('../rectification/rectification_body')).RectificationBody, <Loading />),
  security_report: lazily(async () => (await import('../security_report/report_body')).ReportBody, <Loading />),
  ticket: lazily(async () => (await import('../ticket/ticket_body')).TicketBody, <Loading />),
}

export function Component() {
  const { t } = useSpeech()
  const { matter_id = '' } = useParams()
  const found = useQuery({ queryKey: ['matter', matter_id], queryFn: () => askMatter(matter_id) })
  return (
    <Loaded title={t('nav.matters')} query={found}>
      {(matter) => <Shown matter={matter} />}
    </Loaded>
  )
}

function Shown({ matter }: { matter: Matter }) {
  const { t, name } = useSpeech()
  const history = useHistory()
  const client = useQueryClient()
  const actions = useActions(matter)
  const self = useSelf()
  const conflict = useConflict({ matter })
  const done = async (action: string, answer: Record<string, unknown>) => {
    const after = await act(matter, action, inputOf(matter, action, answer))
    client.setQueryData(['matter', matter.matter_id], after)
    await Promise.all([
      client.invalidateQueries({ queryKey: ['matter'] }),
      client.invalidateQueries({ queryKey: ['channel'] }),
      client.invalidateQueries({ queryKey: ['opening'] }),
    ])
  }
  const bar = (some: Action[]) => <ActionBar actions={some} act={done} draft={matter.matter_id} version={matter.version} isMet={conflict.meets} />
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
          {matter.kind === 'agreement' && <AgreementPaper matter={matter} />}
          <MatterState matter={matter} />
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
          {matter.is_read_only && <ReadOnly words={t('portal.read_only_matter')} />}
          {matter.kind === 'exit' && <ExitCourse matter={matter} actions={actions} bar={bar} />}
          <Contents matter={matter} />
        </div>
        <div className="panels">
          <Panel title={t('matter.waits')}>
            {matter.waits.length === 0 && <p className="quiet">{t('matter.nobody')}</p>}
            <Waits kind={matter.kind} waits={matter.waits} beside={(wait) => <Remind matter={matter} wait={wait} />} />
            {matter.kind === 'application' && matter.waits.length > 0 && <Usual state={matter.state} />}
          </Panel>
          <Panel title={t('matter.actions')}>
            <Assigned matter={matter} />
            {isForColleague(matter, self) && <p className="tone-note note gap-below">{t('matter.for_colleague')}</p>}
            {matter.kind === 'exit' && besides(matter, actions).length < actions.length && <p className="quiet gap-below">{t('exit.in_course')}</p>}
            {bar(matter.kind === 'exit' ? besides(matter, actions) : actions)}
            {conflict.dialog}
            {matter.kind === 'filing' && matter.actions.some(({ action }) => action === 'report') && (
              <p className="gap-above">
                <Link to={`/matters/${matter.matter_id}/import`}>{t('import.label')}</Link>
              </p>
            )}
          </Panel>
          <ContactOfMatter channel_id={matter.channel_id} matter_id={matter.matter_id} />
          <AdvicePanel matter={matter} />
          <Files matter={matter} />
          <Panel title={t('matter.history')}>
            <Timeline entries={history(matter)} />
          </Panel>
          <Trail noun="matter" id={matter.matter_id} />
        </div>
      </div>
    </Page>
  )
}

/** What it says. */
function Contents({ matter }: { matter: Matter }) {
  const { t } = useSpeech()
  const Own = CONTENTS[matter.kind]
  if (Own) return <Own matter={matter} />
  return (
    <>
      {matter.kind === 'risk_event' && <EventCourse matter={matter} />}
      {matter.kind === 'risk_event' && (matter.checklist ?? []).length > 0 && (
        <Panel title={t('retest.title')}>
          <Found checklist={matter.checklist ?? []} />
          <p className="quiet">{t('retest.lead')}</p>
        </Panel>
      )}
      <Body matter={matter} />
    </>
  )
}
