// What an exit says, as its story goes: who was asked and said what, what was announced, what was certified as deleted.

import { useDivisions } from '../../app/divisions'
import { useSpeech } from '../../i18n'
import { between } from '../../i18n/between'
import { Clause } from '../../parts/clause'
import { momentText } from '../../parts/moment'
import { Facts, Panel } from '../../parts/page'
import { ShortTable } from '../../parts/short_table'
import { StatusTag } from '../../parts/status_tag'
import { Body } from '../matter/body'
import type { Matter } from '../matter/wire'
import { type Successor, useSuccessors } from './successors'

/** As many that could take the holders are listed. */
const FEW = 20

interface Stamp {
  at: number | string
}

interface Said {
  words: string
  stamp: Stamp
}

interface Asked {
  province: number | string
  opinion?: [string, Said] | null
}

interface Certified {
  certificate: { document: string; public_key: string; signature: string }
  stamp: Stamp
  review?: Said | null
}

interface Exit {
  consultation?: { asked: Asked[]; due: { due_on: string; clause: string } } | null
  certificates?: Certified[]
}

interface Deletion {
  deleted_on?: string
  categories?: string[]
  statement?: string
  signed_by?: string
}

export function ExitBody({ matter }: { matter: Matter }) {
  const { certificates = [], consultation, ...rest } = (matter.body ?? {}) as Exit
  return (
    <>
      {consultation && <Consultation {...consultation} />}
      {matter.state === 'transition' && <Successors leaving={matter.channel_number} />}
      <Body matter={{ ...matter, body: rest }} />
      {certificates.map((one) => (
        <Certificate key={one.certificate.signature} certified={one} />
      ))}
    </>
  )
}

/** Whom the holders can be guided to, as it is today (CH-34.2). */
function Successors({ leaving }: { leaving?: string | null }) {
  const { t, name, language } = useSpeech()
  const divisions = useDivisions()
  const { data } = useSuccessors(leaving)
  if (!data) return null
  return (
    <Panel title={t('exit.successors', { n: data.length })} extra={<Clause ids="CH-34.2" />}>
      {data.length === 0 ? (
        <p>{t('exit.no_successors')}</p>
      ) : (
        <ShortTable<Successor>
          label={t('exit.successors', { n: data.length })}
          rowKey="number"
          dataSource={data.slice(0, FEW)}
          columns={[
            { title: t('channel.name'), key: 'name', render: (_, one) => <strong>{one.name}</strong> },
            { title: t('channel.class'), key: 'class', render: (_, one) => name('class', one.class) },
            { title: t('channel.regions'), key: 'regions', render: (_, one) => one.regions.map(divisions.name).join(between(language)) },
            { title: t('channel.number'), key: 'number', render: (_, one) => <code>{one.number}</code> },
          ]}
        />
      )}
      {data.length > FEW && <p className="quiet">{t('exit.more_successors', { n: data.length - FEW })}</p>}
    </Panel>
  )
}

function Consultation({ asked, due }: NonNullable<Exit['consultation']>) {
  const { name } = useSpeech()
  const divisions = useDivisions()
  return (
    <Panel title={name('field.exit', 'consultation')} extra={<span className="quiet">{`${name('field', 'due_on')} ${due.due_on} · ${due.clause}`}</span>}>
      <table className="figures">
        <thead>
          <tr>
            <th scope="col">{name('field.exit', 'province')}</th>
            <th scope="col">{name('field.exit', 'stance')}</th>
            <th scope="col">{name('field', 'said')}</th>
            <th scope="col">{name('field', 'at')}</th>
          </tr>
        </thead>
        <tbody>
          {asked.map(({ province, opinion }) => {
            const [stance, said] = opinion ?? []
            return (
              <tr key={province}>
                <th scope="row">{divisions.name(String(province).padStart(6, '0'))}</th>
                <td>{stance ? name('word.stance', stance) : '—'}</td>
                <td>{said?.words ?? '—'}</td>
                <td className="nowrap">{said ? momentText(moment(said.stamp)) : '—'}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </Panel>
  )
}

const moment = ({ at }: Stamp) => (typeof at === 'number' ? new Date(at / 1000).toISOString() : at)

function Certificate({ certified: { certificate, stamp, review } }: { certified: Certified }) {
  const { t, name, language } = useSpeech()
  const told = deletion(certificate.document)
  const separator = between(language)
  return (
    <Panel title={name('field.exit', 'certificate')} extra={<StatusTag family="exit" state="verified" tone="good" />}>
      <Facts
        facts={[
          { label: name('field.exit', 'deleted_on'), value: told.deleted_on },
          { label: name('field.exit', 'signed_by'), value: told.signed_by },
          { label: t('exit.certified_at'), value: momentText(moment(stamp)) },
          { label: name('field.exit', 'categories'), isWide: true, value: told.categories?.map((one) => name('word.categories', one)).join(separator) },
          { label: name('field.exit', 'statement'), isWide: true, value: told.statement },
          Boolean(review) && { label: name('field', 'review'), isWide: true, value: review?.words },
        ]}
      />
      <details className="gap-above">
        <summary>{t('exit.signed')}</summary>
        <Facts
          facts={[
            { label: name('field.exit', 'document'), isWide: true, value: <code>{certificate.document}</code> },
            { label: name('field', 'public_key'), isWide: true, value: <code>{certificate.public_key}</code> },
            { label: name('field', 'signature'), isWide: true, value: <code>{certificate.signature}</code> },
          ]}
        />
      </details>
    </Panel>
  )
}

/** What a certificate says; the rules have read it before it was taken. */
function deletion(document: string): Deletion {
  try {
    return JSON.parse(document) as Deletion
  } catch {
    return { statement: document }
  }
}
