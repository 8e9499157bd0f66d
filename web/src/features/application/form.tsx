// Filling in an application: a draft that is kept as often as one likes, with the conditions beside it, and filed when it
// is complete. The same page begins a new one and goes on with one that is there.

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Form } from 'antd'
import { useEffect, useState } from 'react'
import { Link, useNavigate, useParams, useSearchParams } from 'react-router'
import { api, ask } from '../../api/client'
import { useSession } from '../../app/session'
import { useToday } from '../../app/today'
import { useSpeech } from '../../i18n'
import { said } from '../../parts/attempt'
import { Clause } from '../../parts/clause'
import { forgive, useRemarks } from '../../parts/form_dialog'
import { Facts, Page, Panel } from '../../parts/page'
import { Failure, Loading } from '../../parts/states'
import { useCompany } from '../company/company'
import { OwnCompany } from '../company/company_panel'
import { PrintedForms } from '../matter/printed_forms'
import { act, askMatter, type Matter, open } from '../matter/wire'
import { useServices } from '../service/services'
import { type ApplicationBodyShape, Returned } from './application_body'
import { brought } from './attached'
import { askedFor, type Begun, type Channel as Live, isOwnerKnown, laidOver } from './change'
import { classOf, conditions, type Draft, type Limits, needsAgreement, type Verdict } from './conditions'
import { Difference } from './difference'
import { Further } from './further'
import { useChange } from './use_change'
import { useKept } from './use_kept'
import { Channel, Files, Keys, LevelTwo, Owner, ParentChoice, Social } from './sections'

/** The numbers in force today; the platform goes by those of the day on which the form is filed. */
function useLimits(): Limits | undefined {
  const { data } = useQuery({
    queryKey: ['access_conditions'],
    queryFn: () => ask(api.GET('/api/v1/parameters/access-conditions')),
  })
  return data && { runningYears: data.min_running_years, socialUsers: data.social_min_users, companyYears: data.social_min_company_years }
}

interface Values {
  parent_id?: string
  forms: Draft & Record<string, unknown>
}

export function Component() {
  const { matter_id } = useParams()
  const [params] = useSearchParams()
  const { t } = useSpeech()
  const { data, error, refetch } = useQuery({
    queryKey: ['matter', matter_id],
    queryFn: () => askMatter(matter_id ?? ''),
    enabled: matter_id !== undefined,
  })
  const isChange = matter_id === undefined ? params.has('change') : (data?.body as ApplicationBodyShape | undefined)?.purpose === 'change'
  const about = matter_id === undefined ? params.get('change') : data?.channel_id
  const found = useChange(isChange ? (about ?? undefined) : undefined)
  const failure = error ?? found.error
  if (failure) {
    return (
      <Page title={t('nav.apply')}>
        <Failure error={failure} retry={() => void (error ? refetch() : found.refetch())} />
      </Page>
    )
  }
  if ((matter_id && !data) || (isChange && !found.change)) return <Loading />
  return <Editor key={data?.matter_id ?? about ?? 'new'} matter={data} change={isChange ? found.change : undefined} />
}

interface EditorProps {
  matter?: Matter
  /** Of a change: the channel, and the forms that it begins with. */
  change?: { channel: Live; forms: Begun }
}

function Editor({ matter, change }: EditorProps) {
  const { t, about } = useSpeech()
  const { message } = App.useApp()
  const navigate = useNavigate()
  const client = useQueryClient()
  const today = useToday()
  const { org } = useSession()
  const [form] = Form.useForm<Values>()
  const [parent, setParent] = useState<{ id: string; name: string; number: string } | null>(null)
  const catalogue = useServices().data?.data ?? []
  const draft = Form.useWatch<Draft | undefined>('forms', { form, preserve: true }) ?? {}
  const found = classOf(draft.one?.unit, draft.one?.innovation)
  const kept = (matter?.body as { forms?: Values['forms'] } | undefined)?.forms
  const { returned } = (matter?.body ?? {}) as ApplicationBodyShape
  useRemarks(form, returned?.comments)
  // 附表2 says again when the company was registered: nobody types it twice.
  const { registered_on } = useCompany(!change).data ?? {}
  useEffect(() => {
    const place = ['forms', 'two', 'registered_on']
    if (found === 'social' && registered_on && !form.getFieldValue(place)) form.setFieldValue(place, registered_on)
  }, [found, registered_on, form])
  const fresh = change
    ? { ...change.forms, one: { ...change.forms.one, filled_on: today } }
    : {
        one: { innovation: 'unsigned', owner_name: org.name, uscc: org.uscc ?? undefined, filled_on: today },
        channel: { regions: [{}] },
      }
  const initial: Values = { forms: (kept && change ? laidOver(kept, change.forms) : (kept ?? fresh)) as Values['forms'] }
  const { parent_name = '', parent_number = '' } = (initial.forms.one ?? {}) as { parent_name?: string; parent_number?: string }
  const levelOne = parent ? `${parent.name} ${parent.number}` : `${parent_name} ${parent_number}`.trim()

  const filled = () => {
    const forms = clean(form.getFieldsValue(true).forms) as Values['forms']
    const { services, service_forms } = (forms.channel ?? {}) as { services?: string[]; service_forms?: Record<string, string> }
    const source = levelOne ? (forms.level_two as { source?: string } | undefined)?.source : undefined
    const carried = brought(service_forms, { services, had: change?.channel.services, source })
    forms.channel = { ...forms.channel, service_forms: carried } as Draft['channel']
    if (parent) forms.one = { ...forms.one, parent_name: parent.name, parent_number: parent.number } as Draft['one']
    return forms
  }
  const further = () => clean(form.getFieldValue('further') ?? []) as unknown[]
  const begin = (forms: Values['forms']) => {
    if (change) return open({ kind: 'application', channel_id: change.channel.channel_id, opening: { purpose: 'change', forms } })
    const opening: Record<string, unknown> = { purpose: 'access', forms }
    if (further().length > 0) opening.further = further()
    return open({ kind: 'application', parent_id: parent?.id, opening })
  }
  const saveOver = async (held: Matter | undefined): Promise<Matter> => {
    const forms = filled()
    const after = held ? await act(held, 'save', { forms }) : await begin(forms)
    client.setQueryData(['matter', after.matter_id], after)
    void client.invalidateQueries({ queryKey: ['matter', 'inbox'] })
    return after
  }
  const { attempt, error, isBusy, draft: drafting, conflict, save } = useKept({
    form,
    name: `application.${matter?.matter_id ?? change?.channel.channel_id ?? 'new'}`,
    matter,
    mine: { filled: () => ({ forms: filled() }), kept: ({ body }) => ({ forms: (body as ApplicationBodyShape | undefined)?.forms }) },
    saveOver,
  })
  const keep = () =>
    attempt(async () => {
      const others = matter ? 0 : further().length
      const after = await save()
      drafting.sent()
      message.success(others > 0 ? t('further.opened', { n: others + 1 }) : t('application.saved'))
      if (!matter) void navigate(`/applications/${after.matter_id}`, { replace: true })
    })
  const file = () =>
    attempt(async () => {
      const after = await save()
      drafting.sent()
      const filed = await act(after, 'file', {}).catch((refused: unknown) => {
        if (matter) throw refused
        // It is there now, and is gone on with at its own address.
        message.error(said(refused))
        void navigate(`/applications/${after.matter_id}`, { replace: true })
      })
      if (!filed) return
      client.setQueryData(['matter', filed.matter_id], filed)
      void navigate(`/matters/${filed.matter_id}`)
    })
  const forgiven = forgive(form)
  const changed = (values: unknown) => {
    forgiven(values)
    drafting.note(values)
  }
  return (
    <Page
      title={change ? about(t('change.title'), change.channel.name) : matter?.title || t('nav.apply')}
      above={<Link to={matter ? `/matters/${matter.matter_id}` : '/matters'}>{t('nav.matters')}</Link>}
      lead={t(change ? 'change.lead' : 'application.lead')}
      actions={!matter && <PrintedForms />}
    >
      {!change && (
        <div className="gap-below">
          <OwnCompany />
        </div>
      )}
      <Form<Values> form={form} layout="vertical" initialValues={initial} scrollToFirstError onValuesChange={changed} onFinish={() => void file()}>
        {drafting.told}
        {conflict.dialog}
        {error !== null && (
          <div className="gap-below">
            <Failure error={error} />
          </div>
        )}
        <div className="columns">
          <div className="panels">
            {returned && <Returned returned={returned} />}
            {!matter && !change && <ParentChoice choose={setParent} />}
            {change && <Kept channel={change.channel} forms={change.forms} />}
            <Owner isKnown={change && isOwnerKnown(change.forms)} />
            <Channel matter_id={matter?.matter_id} had={change?.channel.services} isLevelTwo={levelOne !== ''} remarks={returned?.comments} />
            {!matter && !change && <Further />}
            {found === 'social' && <Social />}
            {levelOne && <LevelTwo parent={levelOne} isKnown={Boolean(change?.forms.level_two?.relation)} />}
            {!change && <Keys base={['forms', 'channel', 'test_keys']} title={t('application.section_keys')} />}
            <Files matter_id={matter?.matter_id} found={found} innovation={draft.one?.innovation} />
            <div className="form-foot">
              <Button onClick={() => void keep()} loading={isBusy}>
                {t('application.save')}
              </Button>
              {matter && (
                <Button type="primary" htmlType="submit" loading={isBusy}>
                  {t('application.file')}
                </Button>
              )}
              {!matter && <span className="quiet">{t('application.file_hint')}</span>}
            </div>
          </div>
          <div className="beside panels">
            {change && (
              <Panel title={t('change.difference')} extra={<Clause ids="CH-15.1" />}>
                <Difference before={change.channel} after={askedFor(draft.channel, catalogue)} />
              </Panel>
            )}
            <Conditions draft={draft} today={today} />
          </div>
        </div>
      </Form>
    </Page>
  )
}

/** What a change leaves as it is. */
function Kept({ channel, forms: { one, level_two } }: { channel: Live; forms: Begun }) {
  const { t, name } = useSpeech()
  const told = (family: string, field: string, word: unknown) =>
    Boolean(word) && { label: name('application', `${family}.${field}`), value: name(`word.${field}`, String(word)) }
  return (
    <Panel title={t('change.kept')}>
      <Facts
        facts={[
          { label: t('channel.name'), value: channel.name },
          { label: t('channel.number'), value: <span className="number-plain">{channel.number}</span> },
          { label: t('channel.form'), value: channel.form_name ?? name('form', channel.form) },
          { label: t('channel.mode'), value: name('mode', channel.access_mode) },
          { label: t('channel.class'), value: name('class', channel.class) },
          told('one', 'unit', one.unit),
          told('one', 'innovation', one.unit && one.innovation),
          told('level_two', 'relation', level_two?.relation),
        ]}
      />
      <p className="quiet gap-above">{t('change.kept_hint')}</p>
    </Panel>
  )
}

/** What was left empty is empty text, and an item of a list that says nothing is left out. */
export function clean(value: unknown): unknown {
  if (value === undefined || value === null) return ''
  if (Array.isArray(value)) return value.map(clean).filter((one) => !isBlank(one))
  if (typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, clean(one)]))
  return value
}

function isBlank(value: unknown): boolean {
  return value === '' || (typeof value === 'object' && value !== null && Object.values(value).every((one) => one === ''))
}

const SIGNS: Record<string, { sign: string; tone: string }> = {
  true: { sign: '✓', tone: 'tone-good' },
  false: { sign: '✕', tone: 'tone-bad' },
  null: { sign: '…', tone: 'tone-calm' },
}

/** What the conditions of access come to so far. */
function Conditions({ draft, today }: { draft: Draft; today: string }) {
  const { t, name } = useSpeech()
  const found = classOf(draft.one?.unit, draft.one?.innovation)
  const limits = useLimits()
  return (
    <Panel title={t('condition.title')}>
      <p className="gap-below">
        <strong>{found ? t('condition.class', { class: name('class', found) }) : t('condition.class_open')}</strong>
      </p>
      {found && (
        <p className="quiet gap-below">
          {t(needsAgreement(found) ? 'condition.agreement' : 'condition.no_agreement')}
          {found === 'social' && ` · ${t('condition.form_two')}`}
        </p>
      )}
      <ul className="conditions" aria-live="polite">
        {(limits ? conditions(draft, limits, today) : []).map((one) => (
          <li key={one.key}>
            <Sign verdict={one.verdict} />
            <span>
              {t(`condition.${one.key}`)} <Clause ids={one.clause} />
            </span>
          </li>
        ))}
      </ul>
      <p className="quiet gap-above">{t('condition.lead')}</p>
    </Panel>
  )
}

function Sign({ verdict }: { verdict: Verdict }) {
  const { name } = useSpeech()
  const { sign = '', tone = '' } = SIGNS[String(verdict)] ?? {}
  return (
    <span className={`sign ${tone}`} role="img" aria-label={name('verdict', String(verdict))} title={name('verdict', String(verdict))}>
      {sign}
    </span>
  )
}
