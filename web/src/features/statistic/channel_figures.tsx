// A channel's figures against the lines that CH-23 draws.

import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api, ask, type Schemas } from '../../api/client'
import { useToday } from '../../app/today'
import { useSpeech } from '../../i18n'
import { ChartCard, type Figures } from '../../parts/chart_card'
import { Panel } from '../../parts/page'
import { Failure, Loading } from '../../parts/states'
import { walk } from '../../parts/walk'
import { closedMonths, lastDay, type Month, monthly, type Row } from './months'

const MONTHS = 13

/** All rows of the months that the asker may see. */
export function useMonthly(months: Month[]) {
  const from_on = `${months[0]}-01`
  const to_on = lastDay(months.at(-1) ?? '')
  return useQuery({
    queryKey: ['statistic', 'month', from_on, to_on],
    queryFn: () => {
      const fetch = ({ cursor }: { cursor?: string }) =>
        ask(api.GET('/api/v1/statistics', { params: { query: { from_on, to_on, group: 'month', limit: 200, cursor } } }))
      return walk<Row>({ fetch, filters: [], values: {} }, { from: undefined, want: 5000 })
    },
  })
}

export function ChannelFigures({ channel }: { channel: Schemas['ChannelView'] }) {
  const { t } = useSpeech()
  const today = useToday()
  const months = useMemo(() => closedMonths(today, MONTHS), [today])
  const { data, error, refetch } = useMonthly(months)
  const pictures = useMemo<Figures[]>(() => {
    const rows = data?.rows.filter((row) => row.channel_id === channel.channel_id) ?? []
    const figures = monthly(months, rows).slice(1)
    const labels = figures.map((one) => one.month)
    const asOf = lastDay(months.at(-1) ?? '')
    return [
      {
        title: t('figure.issuance'),
        labels,
        asOf,
        series: [
          { name: t('figure.issued_in_3'), values: figures.map((one) => one.issuedIn3), kind: 'line' },
          { name: t('figure.issued'), values: figures.map((one) => one.issued), kind: 'bar' },
        ],
        thresholds: [{ name: t('figure.line_100'), value: 100 }],
      },
      {
        title: t('figure.active'),
        labels,
        asOf,
        unit: '%',
        series: [{ name: t('figure.active_share'), values: figures.map((one) => one.activeShare), kind: 'line' }],
        thresholds: [{ name: t('figure.line_3'), value: 3 }],
      },
      {
        title: t('figure.change'),
        labels,
        asOf,
        unit: '%',
        series: [{ name: t('figure.change_share'), values: figures.map((one) => one.change), kind: 'bar' }],
        thresholds: [{ name: t('figure.line_50'), value: -50 }],
      },
    ]
  }, [channel.channel_id, data, months, t])
  if (error) return <Panel title={t('figure.title')}><Failure error={error} retry={() => void refetch()} /></Panel>
  if (!data) return <Loading />
  return (
    <div className="pictures">
      {pictures.map((figures) => (
        <ChartCard key={figures.title} figures={figures} />
      ))}
    </div>
  )
}
