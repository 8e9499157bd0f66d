// What e-cards are used for: uses of a month by application, beside the year before, and the most used ones month by month (N3,
// L5).

import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api, ask, type Schemas } from '../../api/client'
import { useToday } from '../../app/today'
import { type Speaker, useSpeech } from '../../i18n'
import { ChartCard, type Figures } from '../../parts/chart_card'
import { Panel } from '../../parts/page'
import { Failure } from '../../parts/states'
import { useServiceName } from '../service/services'
import { closedMonths } from './months'

type Services = Schemas['StatisticServices']

/** Applications that are drawn month by month: more lines than colours cannot be told apart. */
const LINES = 5

/** Applications that are told at all; the rest is used seldom. */
const BARS = 10

/** Ten thousand parts as per cent, in tenths. */
const percent = (parts: number | null | undefined) => (parts == null ? null : Math.round(parts / 10) / 10)

/** Of one channel, or of all in sight together. */
export function Applications({ channel_id }: { channel_id?: string }) {
  const { t } = useSpeech()
  const today = useToday()
  const name = useServiceName()
  const [month = ''] = closedMonths(today, 1)
  const { data, error, refetch } = useQuery({
    queryKey: ['statistic', 'services', month, channel_id],
    queryFn: () => ask(api.GET('/api/v1/statistics/services', { params: { query: { month, channel_id } } })),
  })
  const pictures = useMemo(() => (data ? drawn(data, name, t) : []), [data, name, t])
  if (error) return <Panel title={t('applications.title', { month })}><Failure error={error} retry={() => void refetch()} /></Panel>
  return (
    <>
      {pictures.map((figures) => (
        <ChartCard key={figures.title} figures={figures} note={t('applications.note')} />
      ))}
    </>
  )
}

function drawn({ month, months, services: all, counted_to }: Services, name: (code: string) => string, t: Speaker['t']): Figures[] {
  const asOf = counted_to ?? undefined
  const services = all.slice(0, BARS)
  const most = all.slice(0, LINES)
  return [
    {
      title: t('applications.title', { month }),
      labels: services.map((one) => name(one.service)),
      labelled: t('applications.application'),
      isLying: true,
      asOf,
      series: [
        { name: t('applications.uses'), kind: 'bar', values: services.map((one) => one.uses) },
        { name: t('applications.year_before'), kind: 'bar', values: services.map((one) => one.year_before) },
        { name: t('national.change'), kind: 'none', unit: '%', values: services.map((one) => percent(one.change_basis_points)) },
      ],
    },
    {
      title: t('applications.months'),
      labels: most.length > 0 ? months : [],
      asOf,
      series: most.map((one) => ({ name: name(one.service), kind: 'line', values: one.months })),
    },
  ]
}
