// 审批用时: how long each step of an application took, by class and period.

import { Segmented, Select } from 'antd'
import { useMemo, useState } from 'react'
import { useToday } from '../../app/today'
import { useSpeech } from '../../i18n'
import { ChartCard, type Figures } from '../../parts/chart_card'
import { Panel } from '../../parts/page'
import { Failure, Loading } from '../../parts/states'
import { inDays, monthsBack } from './days'
import { type ChannelClass, type Durations, useDurations } from './durations'

const CLASSES: ChannelClass[] = ['hrss', 'government', 'national_signed', 'bank', 'medical', 'social']
const PERIODS = [3, 6, 12, 24]

export function ApprovalTimes() {
  const { t, name } = useSpeech()
  const today = useToday()
  const [months, setMonths] = useState(12)
  const [chosen, setChosen] = useState<ChannelClass | 'all'>('all')
  const { data, error, refetch } = useDurations({ class: chosen === 'all' ? undefined : chosen, from_on: monthsBack(today, months) })
  const classes = [{ value: 'all' as const, label: t('list.all') }, ...CLASSES.map((value) => ({ value, label: name('class', value) }))]
  return (
    <div className="stack">
      <div className="action-bar gap-below">
        <Segmented<number>
          aria-label={t('duration.period')}
          value={months}
          options={PERIODS.map((value) => ({ value, label: t('duration.months', { n: value }) }))}
          onChange={setMonths}
        />
        <Select aria-label={t('channel.class')} value={chosen} options={classes} onChange={setChosen} popupMatchSelectWidth={false} />
      </div>
      {error ? (
        <Panel title={t('duration.title')}>
          <Failure error={error} retry={() => void refetch()} />
        </Panel>
      ) : data ? (
        <Drawn durations={data} />
      ) : (
        <Loading />
      )}
    </div>
  )
}

function Drawn({ durations }: { durations: Durations }) {
  const { t, name } = useSpeech()
  const figures = useMemo<Figures>(() => {
    const { steps, until_on } = durations
    const days = (seconds: number | null | undefined) => (seconds == null ? null : inDays(seconds))
    return {
      title: t('duration.title'),
      // Where no step has cases enough there is nothing to draw.
      labels: steps.some((one) => one.median_seconds != null) ? steps.map((one) => name('state.application', one.state)) : [],
      labelled: t('duration.step'),
      isLying: true,
      unit: t('overview.days'),
      asOf: until_on,
      series: [
        { name: t('overview.median'), kind: 'bar', values: steps.map((one) => days(one.median_seconds)) },
        { name: t('duration.ninety'), kind: 'bar', values: steps.map((one) => days(one.ninety_seconds)) },
        { name: t('duration.cases'), kind: 'none', unit: '', values: steps.map((one) => one.cases ?? null) },
      ],
    }
  }, [durations, name, t])
  return <ChartCard figures={figures} note={t('duration.note', { n: durations.min_cases, from: durations.from_on, until: durations.until_on })} />
}
