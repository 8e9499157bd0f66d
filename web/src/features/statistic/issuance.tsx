// What a channel issued, day by day and week by week (P13); months stand beside it against the lines of CH-23.

import { useQuery } from '@tanstack/react-query'
import { Segmented } from 'antd'
import { useMemo, useState } from 'react'
import { api, ask } from '../../api/client'
import { useToday } from '../../app/today'
import { useSpeech } from '../../i18n'
import { ChartCard, type Figures } from '../../parts/chart_card'
import { dayAfter } from '../../parts/moment'
import { Panel } from '../../parts/page'
import { Failure } from '../../parts/states'
import { daily, monday, weekly } from './weeks'

type Step = 'day' | 'week'

/** Days that are drawn, today included. */
const DAYS = 30
/** Weeks that are drawn, the one that runs included; their days fit into one answer. */
const WEEKS = 26

export function Issuance({ channel_id }: { channel_id: string }) {
  const { t } = useSpeech()
  const today = useToday()
  const [step, setStep] = useState<Step>('day')
  const from = step === 'day' ? dayAfter(today, 1 - DAYS) : dayAfter(monday(today), 7 * (1 - WEEKS))
  const query = { from_on: from, to_on: today, group: 'day', channel_id, limit: 200 }
  const { data, error, refetch } = useQuery({
    queryKey: ['statistic', 'issuance', channel_id, from],
    queryFn: () => ask(api.GET('/api/v1/statistics', { params: { query } })),
  })
  const title = t('issuance.title')
  const figures = useMemo<Figures>(() => {
    const days = data ? daily(data.data, from, today) : []
    const shown = step === 'day' ? days : weekly(days)
    return {
      title,
      labels: shown.map((one) => one.first),
      labelled: t(`issuance.${step}`),
      series: [{ name: t('statistic.issued'), kind: 'bar', values: shown.map((one) => one.issued) }],
      asOf: today,
    }
  }, [data, from, step, t, title, today])
  if (error) return <Panel title={title}><Failure error={error} retry={() => void refetch()} /></Panel>
  const steps = (
    <Segmented<Step>
      size="small"
      aria-label={t('issuance.by')}
      value={step}
      options={[
        { value: 'day', label: t('statistic.by_day') },
        { value: 'week', label: t('issuance.by_week') },
      ]}
      onChange={setStep}
    />
  )
  return <ChartCard figures={figures} extra={steps} note={t(step === 'day' ? 'issuance.day_note' : 'issuance.week_note')} />
}
