// What became of what holders presented in a channel: answered, or refused and why (P13).

import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api, ask } from '../../api/client'
import { useToday } from '../../app/today'
import { useSpeech } from '../../i18n'
import { ChartCard, type Figures } from '../../parts/chart_card'
import { Panel } from '../../parts/page'
import { Failure } from '../../parts/states'
import { closedMonths, lastDay, outcomes, type Row } from './months'

/** Closed months that are drawn beside each other. */
const MONTHS = 3

export function Outcomes({ channel_id }: { channel_id: string }) {
  const { t } = useSpeech()
  const today = useToday()
  const months = useMemo(() => closedMonths(today, MONTHS), [today])
  const query = { from_on: `${months[0]}-01`, to_on: lastDay(months.at(-1) ?? ''), group: 'month', channel_id }
  const { data, error, refetch } = useQuery({
    queryKey: ['statistic', 'outcomes', channel_id, query.from_on],
    queryFn: () => ask(api.GET('/api/v1/statistics', { params: { query } })),
  })
  const figures = useMemo<Figures | null>(() => {
    if (!data) return null
    const all = outcomes(data.data as Row[], months)
    return {
      title: t('outcome.title'),
      labels: all.map((one) => t(`outcome.${one.outcome}`)),
      labelled: t('outcome.what'),
      isLying: true,
      asOf: query.to_on,
      series: months.map((month, place) => ({ name: month, kind: 'bar', values: all.map((one) => one.counts[place] ?? 0) })),
    }
  }, [data, months, query.to_on, t])
  if (error) return <Panel title={t('outcome.title')}><Failure error={error} retry={() => void refetch()} /></Panel>
  return figures && <ChartCard figures={figures} note={t('outcome.note')} />
}
