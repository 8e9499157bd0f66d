// What an application says: the forms as they were filled in, what each department has said about each region, and what
// has still to stand before access.

import { Tag } from 'antd'
import { Link } from 'react-router'
import { api, ask } from '../../api/client'
import { useDivisions } from '../../app/divisions'
import { useSpeech } from '../../i18n'
import { between } from '../../i18n/between'
import { Clause } from '../../parts/clause'
import { momentText } from '../../parts/moment'
import { type Fact, Facts, Panel } from '../../parts/page'
import { Reveal } from '../../parts/reveal'
import { StatusTag } from '../../parts/status_tag'
import { CompanyOfMatter } from '../company/company_panel'
import type { Matter } from '../matter/wire'
import { useServiceName, useServices } from '../service/services'
import { outcome } from './change'
import { Difference } from './difference'
import { type Filed, FiledPanel, type Waiver } from './filed'
import { Films } from './films'
import type { Mark } from './marks'
import { ITEMS, placeOf } from './places'
import { type Attached, AttachedForms } from './service_forms'

export type Texts = Record<string, string | undefined>

interface Opinion {
  verdict: string
  words: string
  contact?: string
  phone?: string
  at: number | string
}

interface Task {
  kind: string
  region: Code
  division: Code
  opinion: Opinion | null
}

/** A division as the rules write it: a number or six digits. */
type Code = number | string

interface Round {
  tasks?: Task[]
}

interface Check {
  words: string
  at: number | string
}

export interface ApplicationBodyShape {
  purpose?: string
  forms?: {
    one?: Texts & { contact?: Texts }
    channel?: Texts & { regions?: Texts[]; services?: string[]; service_forms?: Record<string, string> }
    two?: Texts
    level_two?: Texts & { reuses?: string[] }
  }
  filed?: (Filed & { regions: Code[]; services: string[]; service_forms?: Attached[]; before?: { regions: Code[]; services: string[] } | null }) | null
  waived?: Waiver[]
  is_platform_level?: boolean
  formal?: {
    filled_on?: string
    contact?: Texts
    marks?: Mark[]
    keys?: { usage: string; public_key: string }[]
  }
  test?: Round
  consultation?: Round
  opinions_due?: { due_on: string; clause: string } | null
  silence?: { provinces: Code[]; at: number | string } | null
  first?: Round
  regions?: Code[]
  decision?: Check | null
  audit?: Check | null
  recordings?: Check | null
  report?: Check | null
  demands?: { condition: Check; answer?: Check | null }[]
  returned?: (Check & { comments?: { pointer: string; words: string }[] }) | null
}

export const code = (division: Code): string => String(division).padStart(6, '0')

/** A moment as the rules write it: microseconds or RFC 3339. */
const moment = (at: number | string): string => momentText(typeof at === 'number' ? new Date(at / 1000).toISOString() : at)

/** The filled-in forms of services: those of the filing, of a draft as they stand in it. */
function attachedTo({ filed, forms, returned }: ApplicationBodyShape): Attached[] {
  if (filed && !returned) return filed.service_forms ?? []
  return Object.entries(forms?.channel?.service_forms ?? {}).flatMap(([service, file]) => (file ? [{ service, file }] : []))
}

export function ApplicationBody({ matter }: { matter: Matter }) {
  const { t } = useSpeech()
  const body = (matter.body ?? {}) as ApplicationBodyShape
  const forms = body.forms ?? {}
  const isSocial = Object.values(forms.two ?? {}).some((text) => text)
  const isLevelTwo = Boolean(forms.one?.parent_number)
  const attached = attachedTo(body)
  return (
    <>
      {matter.channel_id && matter.waits.some(({ task }) => task === 'offer_agreement') && (
        <p className="tone-note note gap-below">
          {t('application.no_agreement')} <Link to={`/channels/${matter.channel_id}`}>{matter.channel_name}</Link>
        </p>
      )}
      {body.returned && <Returned returned={body.returned} />}
      {body.filed?.before && <Changed before={body.filed.before} after={{ ...body.filed, regions: leftBy(body.filed.before, body.filed, body.regions ?? []) }} />}
      {body.demands?.[0] && <Demands demands={body.demands} />}
      {body.filed && <FiledPanel filed={body.filed} waived={body.waived ?? []} isPlatformLevel={body.is_platform_level === true} />}
      <Rounds body={body} />
      {(body.formal?.marks?.length ?? 0) > 0 && (
        <Panel title={t('formal.recordings')}>
          <Films matter_id={matter.matter_id} marks={body.formal?.marks ?? []} />
        </Panel>
      )}
      {matter.may_reveal ? <Contacts matter={matter} /> : <Owner forms={forms} />}
      <CompanyOfMatter matter_id={matter.matter_id} said={forms.two?.registered_on} />
      <ChannelForm line={forms.channel} />
      {attached.length > 0 && <AttachedForms matter_id={matter.matter_id} attached={attached} />}
      {isSocial && <Fields title={t('application.section_social')} family="two" texts={forms.two} />}
      {isLevelTwo && <Fields title={t('application.section_level_two')} family="level_two" texts={forms.level_two} />}
    </>
  )
}

interface OwnerProps {
  forms: NonNullable<ApplicationBodyShape['forms']>
  /** In place of the masked one. */
  contact?: Texts
}

function Owner({ forms, contact = forms.one?.contact }: OwnerProps) {
  const { t } = useSpeech()
  return <Fields title={t('application.section_owner')} family="one" texts={forms.one} first={contact} firstFamily="contact" />
}

/** The owner with whom to ask, masked until somebody says why (C5). */
function Contacts({ matter: { matter_id, body } }: { matter: Matter }) {
  const { forms = {} } = (body ?? {}) as ApplicationBodyShape
  const told = (reason: string) => ask(api.POST('/api/v1/matters/{matter_id}/reveal', { params: { path: { matter_id } }, body: { reason } }))
  return (
    <Reveal ask={told}>
      {(found) => {
        // The formal filing names whom to ask last.
        const contact = found?.contacts.at(-1)
        return <Owner forms={forms} contact={contact && { name: contact.name, phone: contact.phone, email: contact.email }} />
      }}
    </Reveal>
  )
}

/** The regions that a change leaves, as far as the reviews have come. */
function leftBy(before: { regions: Code[] }, filed: { regions: Code[] }, agreed: Code[]): Code[] {
  return outcome(before.regions.map(code), filed.regions.map(code), agreed.map(code))
}

/** Of a change: what it adds to what the channel was admitted for when it was filed, and what it takes away: as it was decided,
 * before a decision as it was asked for. */
function Changed({ before, after }: Record<'before' | 'after', { regions: Code[]; services: string[] }>) {
  const { t } = useSpeech()
  const admitted = (one: { regions: Code[]; services: string[] }) => ({ regions: one.regions.map(code), services: one.services })
  return (
    <Panel title={t('change.difference')} extra={<Clause ids="CH-15.1" />}>
      <Difference before={admitted(before)} after={admitted(after)} />
    </Panel>
  )
}

/** What the ministry asks beside the conditions of the article, and what the owner says to it (CH-7.5). */
function Demands({ demands }: { demands: NonNullable<ApplicationBodyShape['demands']> }) {
  const { t } = useSpeech()
  return (
    <Panel title={t('application.demands')} extra={<Clause ids="CH-7.5" />}>
      <ol>
        {demands.map(({ condition, answer }, place) => (
          <li key={place}>
            <p className="written">{condition.words}</p>
            <p className={answer ? 'written' : 'quiet'}>{answer?.words ?? t('application.unanswered')}</p>
          </li>
        ))}
      </ol>
    </Panel>
  )
}

export function Returned({ returned }: { returned: NonNullable<ApplicationBodyShape['returned']> }) {
  const { t, name } = useSpeech()
  const service = useServiceName()
  return (
    <Panel title={t('application.returned')} extra={<span className="quiet">{moment(returned.at)}</span>}>
      <p className="written">{returned.words}</p>
      <ul className="field-errors">
        {returned.comments?.map((one) => (
          <li key={one.pointer}>
            <strong>{placeOf(name, one.pointer, service)}</strong> {one.words}
          </li>
        ))}
      </ul>
    </Panel>
  )
}

interface FieldsProps {
  title: string
  family: string
  texts?: Record<string, unknown>
  first?: Texts
  firstFamily?: string
}

/** A number as people read it; every other text as it is. */
const read = (field: string, value: string) =>
  /users|active|committed|served/.test(field) && /^\d+$/.test(value) ? Number(value).toLocaleString('en-US') : value

/** The texts of a form that say something, by the names of its items. */
function Fields({ title, family, texts, first, firstFamily = '' }: FieldsProps) {
  const { name } = useSpeech()
  const facts = (of: string, from: Record<string, unknown> | undefined) =>
    (ITEMS[of] ?? []).flatMap<Fact>((field) => {
      const told = from?.[field]
      const value = Array.isArray(told) ? told.map((one) => name(`word.${field}`, String(one))).join(' · ') : told
      if (typeof value !== 'string' || value === '') return []
      const key = `word.${field}`
      const word = name(key, value) === value ? read(field, value) : name(key, value)
      return [{ label: name('application', `${of}.${field}`), value: <span className="written">{word}</span>, isWide: value.length > 40 }]
    })
  const all = [...facts(family, texts), ...facts(firstFamily, first)]
  return all.length > 0 ? (
    <Panel title={title}>
      <Facts facts={all} />
    </Panel>
  ) : null
}

function ChannelForm({ line }: { line?: NonNullable<ApplicationBodyShape['forms']>['channel'] }) {
  const { t, name, language } = useSpeech()
  const divisions = useDivisions()
  const catalogue = useServices().data?.data ?? []
  if (!line) return null
  const service = (code: string) => {
    const found = catalogue.find((one) => one.code === code)
    return (language === 'en' ? found?.name_en : found?.name) ?? code
  }
  const facts: (Fact | null)[] = [
    { label: name('application', 'channel.name'), value: line.name },
    { label: name('application', 'channel.form'), value: line.form_name || name('form', line.form) },
    { label: name('application', 'channel.access_mode'), value: name('mode', line.access_mode) },
    { label: name('application', 'channel.breadth'), value: name('word.breadth', line.breadth) },
    { label: name('application', 'channel.users'), value: read('users', line.users ?? '') },
    line.business ? { label: name('application', 'channel.business'), value: <span className="written">{line.business}</span>, isWide: true } : null,
    line.nationwide ? { label: name('application', 'channel.nationwide'), value: line.nationwide, isWide: true } : null,
    line.services?.length
      ? {
          label: t('channel.services'),
          isWide: true,
          value: (
            <span className="chips">
              {line.services.map((one) => (
                <Tag key={one} className="tone-calm" variant="filled">
                  {service(one)}
                </Tag>
              ))}
            </span>
          ),
        }
      : null,
  ]
  return (
    <Panel title={t('application.section_channel')}>
      <Facts facts={facts.map((fact) => (fact?.value ? fact : null))} />
      {line.regions && line.regions.length > 0 && (
        <table className="figures gap-above">
          <thead>
            <tr>
              <th scope="col">{t('application.regions')}</th>
              <th scope="col">{t('application.running_since')}</th>
              <th scope="col" className="number">
                {t('application.region_users')}
              </th>
            </tr>
          </thead>
          <tbody>
            {line.regions.map((area) => (
              <tr key={area.division}>
                <th scope="row">{area.division ? divisions.name(area.division) : '—'}</th>
                <td>{area.running_since || '—'}</td>
                <td className="number">{read('users', area.users ?? '') || '—'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  )
}

/** As many that have not answered are listed one by one. */
const FEW = 4

/** Who has answered, then the others, if these are few; many are named in a sentence. */
function told(tasks: Task[]): Task[] {
  const silent = tasks.filter((task) => !task.opinion)
  const said = tasks.filter((task) => task.opinion)
  return silent.length > FEW ? said : [...said, ...silent]
}

/** Of many that were asked: how many said what, and who has not answered. */
function Tally({ tasks }: { tasks: Task[] }) {
  const { t, name, language } = useSpeech()
  const divisions = useDivisions()
  const silent = tasks.filter((task) => !task.opinion)
  if (silent.length <= FEW && tasks.length <= FEW) return null
  const count = (verdict: string) => tasks.filter((task) => task.opinion?.verdict === verdict).length
  const said = ['agreed', 'conditional', 'refused'].filter((verdict) => count(verdict) > 0)
  return (
    <>
      <p className="counts gap-below">
        <span className="tone-calm note">{t('inbox.all', { n: tasks.length })}</span>
        {said.map((verdict) => (
          <span key={verdict} className={`tone-${VERDICT_TONES[verdict]} note`}>
            {name('verdict_of', verdict)} {count(verdict)}
          </span>
        ))}
        {silent.length > 0 && (
          <span className="tone-note note">
            {t('application.not_yet')} {silent.length}
          </span>
        )}
      </p>
      {silent.length > FEW && (
        <p className="quiet gap-below">
          {t('application.silent', { who: silent.map((task) => divisions.name(code(task.division))).join(between(language)) })}
        </p>
      )}
    </>
  )
}

const VERDICT_TONES: Record<string, 'good' | 'warn' | 'bad'> = { agreed: 'good', conditional: 'warn', refused: 'bad' }

/** Until when the provinces may answer, what their silence means, and who was silent. */
function LastDay({ body }: { body: ApplicationBodyShape }) {
  const { t, language } = useSpeech()
  const divisions = useDivisions()
  if (!body.opinions_due) return null
  const { due_on, clause } = body.opinions_due
  return (
    <>
      <p className="quiet gap-below">
        {t('application.opinions_due', { on: due_on })} <span className="clause">{clause}</span>
      </p>
      {body.silence && (
        <p className="tone-warn note gap-below">
          {t('application.silence', {
            at: moment(body.silence.at),
            who: body.silence.provinces.map((province) => divisions.name(code(province))).join(between(language)),
          })}
        </p>
      )}
    </>
  )
}

/** Who was asked about which region, and what they said. */
function Rounds({ body }: { body: ApplicationBodyShape }) {
  const { t, name } = useSpeech()
  const divisions = useDivisions()
  const rounds = [
    { title: t('application.round_test'), tasks: body.test?.tasks ?? [] },
    { title: t('application.round_consultation'), tasks: body.consultation?.tasks ?? [], isConsultation: true },
    { title: t('application.round_first'), tasks: body.first?.tasks ?? [] },
  ].filter((round) => round.tasks.length > 0)
  const checks = (['decision', 'audit', 'recordings', 'report'] as const).flatMap((key) => {
    const check = body[key]
    return check ? [{ key, check }] : []
  })
  if (rounds.length === 0 && checks.length === 0) return null
  return (
    <Panel title={t('application.reviews')}>
      {rounds.map((round) => (
        <div key={round.title} className="group">
          <h3>{round.title}</h3>
          {round.isConsultation && <LastDay body={body} />}
          <Tally tasks={round.tasks} />
          {told(round.tasks).length > 0 && (
            <table className="figures">
              <thead>
                <tr>
                  <th scope="col">{t('application.reviewer')}</th>
                  <th scope="col">{t('application.regions')}</th>
                  <th scope="col">{t('application.verdict')}</th>
                  <th scope="col">{t('action.words')}</th>
                  <th scope="col">{t('message.at')}</th>
                </tr>
              </thead>
              <tbody>
                {told(round.tasks).map((task) => (
                  <tr key={`${code(task.region)} ${code(task.division)} ${task.kind}`}>
                    <th scope="row">{`${divisions.name(code(task.division))} ${name('review', task.kind)}`}</th>
                    <td>{divisions.name(code(task.region))}</td>
                    <td>
                      {task.opinion ? (
                        <StatusTag family="verdict_of" state={task.opinion.verdict} tone={VERDICT_TONES[task.opinion.verdict]} />
                      ) : (
                        <span className="quiet">{t('application.not_yet')}</span>
                      )}
                    </td>
                    <td>
                      <span className="written">{task.opinion?.words}</span>
                      {task.opinion?.contact && (
                        <p className="quiet">
                          {t('application.opinion_contact', { who: [task.opinion.contact, task.opinion.phone].filter(Boolean).join(' ') })}
                        </p>
                      )}
                    </td>
                    <td>{task.opinion && moment(task.opinion.at)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </div>
      ))}
      {checks.map(({ key, check }) => (
        <div key={key} className="group">
          <h3>{t(`application.check_${key}`)}</h3>
          <p>
            <span className="written">{check.words}</span> <span className="quiet">{moment(check.at)}</span>
          </p>
        </div>
      ))}
    </Panel>
  )
}
