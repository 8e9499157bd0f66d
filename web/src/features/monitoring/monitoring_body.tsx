// What a monitoring says: each evaluation with its months beside what they fell short of, then everything else.

import { useSpeech } from '../../i18n'
import { momentText } from '../../parts/moment'
import { Panel } from '../../parts/page'
import { StatusTag } from '../../parts/status_tag'
import { Triggers } from './triggers'
import { Body } from '../matter/body'
import type { Matter } from '../matter/wire'

interface MonthFigures {
  month: string
  issuance: number
  cumulative: number
  active: number
}

interface QuarterFigures {
  from: string
  amount: number
  active: number[]
}

interface Test {
  at: number | string
  figures:
    | { basis: 'months'; months: MonthFigures[] }
    | { basis: 'quarters'; quarters: QuarterFigures[]; commitment: { measure: string; annual: number; active: number } }
  triggers: string[]
}

interface Monitoring {
  tests?: Test[]
}

export function MonitoringBody({ matter }: { matter: Matter }) {
  const { tests = [], ...rest } = (matter.body ?? {}) as Monitoring
  return (
    <>
      {tests.toReversed().map((test) => (
        <Evaluation key={String(test.at)} test={test} />
      ))}
      <Body matter={{ ...matter, body: rest }} />
    </>
  )
}

function Evaluation({ test }: { test: Test }) {
  const { t } = useSpeech()
  const at = typeof test.at === 'number' ? new Date(test.at / 1000).toISOString() : test.at
  const inOrder = <StatusTag family="monitoring" state="in_order" tone="good" />
  return (
    <Panel title={t('monitoring.test', { at: momentText(at) })} extra={<Triggers triggers={test.triggers} none={inOrder} />}>
      {test.figures.basis === 'months' ? <Months months={test.figures.months} /> : <Quarters {...test.figures} />}
    </Panel>
  )
}

const whole = (value: number) => value.toLocaleString('en-US')

function Months({ months }: { months: MonthFigures[] }) {
  const { t, name } = useSpeech()
  const share = ({ active, cumulative }: MonthFigures) => (cumulative > 0 ? `${((active / cumulative) * 100).toFixed(1)}%` : '—')
  const change = (index: number) => {
    const [before = 0, now = 0] = [months[index - 1]?.issuance, months[index]?.issuance]
    return before > 0 ? `${(((now - before) / before) * 100).toFixed(1)}%` : '—'
  }
  const heads = [name('field', 'issuance'), t('figure.change_share'), name('field', 'cumulative'), name('field', 'active'), t('figure.active_share')]
  return (
    <table className="figures">
      <thead>
        <tr>
          <th scope="col">{name('field', 'month')}</th>
          {heads.map((head) => (
            <th key={head} scope="col" className="number">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {months.map((one, index) => (
          <tr key={one.month}>
            <th scope="row">{one.month}</th>
            <td className="number">{whole(one.issuance)}</td>
            <td className="number">{change(index)}</td>
            <td className="number">{whole(one.cumulative)}</td>
            <td className="number">{whole(one.active)}</td>
            <td className="number">{share(one)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

type Committed = Extract<Test['figures'], { basis: 'quarters' }>

function Quarters({ quarters, commitment }: Omit<Committed, 'basis'>) {
  const { t, name } = useSpeech()
  const measure = name('word.measure', commitment.measure)
  return (
    <>
      <p className="gap-below">
        {t('monitoring.committed', { measure, annual: whole(commitment.annual), active: whole(commitment.active) })}
      </p>
      <table className="figures">
        <thead>
          <tr>
            <th scope="col">{t('monitoring.quarter')}</th>
            <th scope="col" className="number">
              {measure}
            </th>
            <th scope="col" className="number">
              {name('field', 'active')}
            </th>
          </tr>
        </thead>
        <tbody>
          {quarters.map((one) => (
            <tr key={one.from}>
              <th scope="row">{t('monitoring.quarter_from', { month: one.from })}</th>
              <td className="number">{whole(one.amount)}</td>
              <td className="number">{one.active.map(whole).join(' / ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}
