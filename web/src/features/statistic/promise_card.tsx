// What a channel of class 社会 has promised in 附表2, and how far each closed quarter keeps it (CH-23.2).

import { useMemo } from 'react'
import type { Schemas } from '../../api/client'
import { type Speaker, useSpeech } from '../../i18n'
import { ChartCard, type Figures } from '../../parts/chart_card'
import { lastDay, quarterName } from './months'
import type { Promised } from './standing'

interface Props {
  promise: Promised
  thresholds: Schemas['MonitoringThresholds']
}

export function PromiseCard({ promise, thresholds }: Props) {
  const { t, name } = useSpeech()
  const figures = useMemo<Figures>(() => drawn(promise, thresholds, t, name), [promise, thresholds, t, name])
  const { annual, monthly_active_users: active } = promise
  return (
    <ChartCard
      figures={figures}
      note={
        <>
          {t('promise.promised', { measure: name('word.measure', promise.measure), annual: annual.toLocaleString('en-US'), active: active.toLocaleString('en-US') })}{' '}
          {t('promise.rule', { part: thresholds.promise_basis_points / 100, quarters: thresholds.promise_run_quarters })}{' '}
          <span className="clause">CH-23.2</span>
        </>
      }
    />
  )
}

function drawn({ measure, quarters }: Promised, thresholds: Props['thresholds'], t: Speaker['t'], name: Speaker['name']): Figures {
  const line = thresholds.promise_basis_points / 100
  return {
    title: t('promise.title'),
    labels: quarters.map((one) => quarterName(one.first_month)),
    labelled: t('monitoring.quarter'),
    unit: '%',
    asOf: quarters.length > 0 ? lastDay(quarters.at(-1)?.last_month ?? '') : undefined,
    series: [
      { name: t('promise.kept', { what: name('word.measure', measure) }), kind: 'bar', values: quarters.map((one) => one.amount_basis_points / 100) },
      { name: t('promise.kept', { what: t('statistic.active_users') }), kind: 'bar', values: quarters.map((one) => one.active_basis_points / 100) },
    ],
    thresholds: [{ name: t('promise.line', { part: line }), value: line }],
  }
}
