// What a security report says: each report as it was filed, the laboratory's qualifications as a table, and what the
// operator found; beside it what every kind says in its own way.

import { useSpeech } from '../../i18n'
import { Clause } from '../../parts/clause'
import { momentText } from '../../parts/moment'
import { Facts, Panel } from '../../parts/page'
import { StatusTag } from '../../parts/status_tag'
import { Body } from '../matter/body'
import { labelOf } from '../matter/naming'
import { Refer } from '../matter/refer'
import type { Matter } from '../matter/wire'
import { Found } from './found'
import type { Report } from './reuse'

const KIND = 'security_report'

interface Filing {
  report: Report
  at: number | string
  review: Review | null
}

interface Review {
  verdict: string
  words: string
  at: number | string
  confirmed?: string[]
  remarks?: { item: string; words: string }[]
}

/** A moment as the rules write it: microseconds or RFC 3339. */
const moment = (at: number | string): string => momentText(typeof at === 'number' ? new Date(at / 1000).toISOString() : at)

export function ReportBody({ matter }: { matter: Matter }) {
  const { filings = [], ...rest } = (matter.body ?? {}) as { filings?: Filing[] } & Record<string, unknown>
  const { t } = useSpeech()
  const { checklist = [] } = matter
  return (
    <>
      {checklist.length > 0 && (
        <Panel title={t('report.checklist')} extra={<Clause ids="CH-9.3d" />}>
          <Found checklist={checklist} />
          <p className="quiet">{t('report.checklist_lead')}</p>
        </Panel>
      )}
      {filings.toReversed().map((filing) => (
        <Filed key={String(filing.at)} filing={filing} matter_id={matter.matter_id} />
      ))}
      <Body matter={{ ...matter, body: rest as Matter['body'] }} />
    </>
  )
}

function Filed({ filing: { report, at, review }, matter_id }: { filing: Filing; matter_id: string }) {
  const { t, name } = useSpeech()
  const label = (field: string) => labelOf(name, KIND, field)
  return (
    <Panel title={name('kind', KIND)} extra={<span className="quiet">{moment(at)}</span>}>
      <Facts
        facts={[
          { label: label('number'), value: report.number },
          { label: label('name'), value: report.lab.name },
          { label: label('tested_on'), value: report.tested_on },
          {
            label: label('outcome'),
            value: <StatusTag family="word.outcome" state={report.outcome} tone={report.outcome === 'passed' ? 'good' : 'bad'} />,
          },
          { label: label('specification'), value: `${report.specification} ${report.specification_version}`, isWide: true },
          { label: label('scope'), value: <span className="written">{report.scope}</span>, isWide: true },
          { label: label('file'), value: <Refer id={report.file} matter_id={matter_id} /> },
          { label: label('is_reused'), value: report.is_reused ? t('yes') : t('no') },
        ]}
      />
      <table className="figures gap-above">
        <caption className="visually-hidden">{label('qualifications')}</caption>
        <thead>
          <tr>
            {['kind', 'number', 'valid_from', 'valid_to'].map((field) => (
              <th key={field} scope="col">
                {label(field)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {report.lab.qualifications.map((held) => (
            <tr key={`${held.kind} ${held.number}`}>
              <th scope="row">{name('word.kind', held.kind)}</th>
              <td>{held.number}</td>
              <td className="nowrap">{held.valid_from}</td>
              <td className="nowrap">{held.valid_to}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {review && <Reviewed review={review} />}
    </Panel>
  )
}

function Reviewed({ review: { verdict, words, at, confirmed = [], remarks = [] } }: { review: Review }) {
  const { t, name } = useSpeech()
  return (
    <div className="gap-above">
      <h3>{name('word.verdict', verdict)}</h3>
      <p>
        <span className="written">{words}</span> <span className="quiet">{moment(at)}</span>
      </p>
      <ul className="reports">
        {remarks.map(({ item, words: wrong }) => (
          <li key={`${item} ${wrong}`}>
            <strong>{name('report_item', item)}</strong> <span className="written">{wrong}</span>
          </li>
        ))}
      </ul>
      {confirmed.length > 0 && (
        <details>
          <summary>{t('report.confirmed', { n: confirmed.length })}</summary>
          <ul>
            {confirmed.map((item) => (
              <li key={item}>{name('report_confirm', item)}</li>
            ))}
          </ul>
        </details>
      )}
    </div>
  )
}
