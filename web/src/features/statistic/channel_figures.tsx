// A channel's figures against the lines that CH-23 draws.

import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api, ask, type Schemas } from '../../api/client'
import { type Speaker, useSpeech } from '../../i18n'
import { ChartCard, type Figures } from '../../parts/chart_card'
import { dayText } from '../../parts/moment'
import { Panel } from '../../parts/page'
import { Failure, Loading } from '../../parts/states'
import { Applications } from './applications'
import { Issuance } from './issuance'
import { lastDay, monthly } from './months'
import { Outcomes } from './outcomes'
import { PromiseCard } from './promise_card'
import { UsersByArea } from './users_by_area'
import { ChannelTraffic } from '../traffic/channel_traffic'

/** Closed months that are drawn. */
const MONTHS = 18

/** The closed months of a channel’s group with the numbers in force, which is what the platform itself evaluates. */
export function monitoringOf(channel_id: string) {
  return {
    queryKey: ['channel', channel_id, 'monitoring'],
    queryFn: () => {
      const params = { path: { channel_id }, query: { months: MONTHS } }
      return ask(api.GET('/api/v1/channels/{channel_id}/monitoring', { params }))
    },
  }
}

const percent = (basisPoints: number) => basisPoints / 100

export function ChannelFigures({ channel }: { channel: Schemas['ChannelView'] }) {
  const { t } = useSpeech()
  const { data, error, refetch } = useQuery(monitoringOf(channel.channel_id))
  const first = dayText(channel.created_at).slice(0, 7)
  const pictures = useMemo<Figures[]>(() => (data ? drawn(data, first, t) : []), [data, first, t])
  if (error) return <Panel title={t('figure.title')}><Failure error={error} retry={() => void refetch()} /></Panel>
  if (!data) return <Loading />
  return (
    <div className="pictures">
      {pictures.map((figures) => (
        <ChartCard key={figures.title} figures={figures} />
      ))}
      {data.promise && <PromiseCard promise={data.promise} thresholds={data.thresholds} />}
      <Issuance channel_id={channel.channel_id} />
      <Outcomes channel_id={channel.channel_id} />
      <UsersByArea channel_id={channel.channel_id} />
      <Applications channel_id={channel.channel_id} />
      <ChannelTraffic channel_id={channel.channel_id} />
    </div>
  )
}

/** The three pictures of CH-23.1, each with the line that the rule draws. */
function drawn({ months, thresholds }: Schemas['MonitoringView'], first: string, t: Speaker['t']): Figures[] {
  const window = thresholds.issuance_window_months
  const figures = monthly(months, first, window)
  const labels = figures.map((one) => one.month)
  const common = { labels, asOf: lastDay(months.at(-1)?.month ?? first) }
  const share = percent(thresholds.mau_ratio_basis_points)
  const fall = percent(thresholds.drop_basis_points)
  return [
    {
      ...common,
      title: t('figure.issuance'),
      series: [
        { name: t('figure.issued_in_window', { n: window }), values: figures.map((one) => one.issuedInWindow), kind: 'line' },
        { name: t('figure.issued'), values: figures.map((one) => one.issued), kind: 'bar' },
      ],
      thresholds: [{ name: t('figure.line_issuance', { n: window, least: thresholds.min_issuance }), value: thresholds.min_issuance }],
    },
    {
      ...common,
      title: t('figure.active'),
      unit: '%',
      series: [{ name: t('figure.active_share'), values: figures.map((one) => one.activeShare), kind: 'line' }],
      thresholds: [{ name: t('figure.line_share', { share }), value: share }],
    },
    {
      ...common,
      title: t('figure.change'),
      unit: '%',
      range: [-100, 100],
      series: [{ name: t('figure.change_share'), values: figures.map((one) => one.change), kind: 'bar' }],
      thresholds: [{ name: t('figure.line_fall', { fall }), value: -fall }],
    },
  ]
}
