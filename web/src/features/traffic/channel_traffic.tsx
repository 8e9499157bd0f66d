// What a channel's own requests looked like in the last days (P13).

import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api, ask, type Schemas } from '../../api/client'
import { useToday } from '../../app/today'
import { type Speaker, useSpeech } from '../../i18n'
import { ChartCard, type Figures } from '../../parts/chart_card'
import { dayAfter } from '../../parts/moment'
import { Panel } from '../../parts/page'
import { Failure } from '../../parts/states'
import { byDay, type Gate, losses, millis, operationName, success } from './figures'

/** Days that are drawn, today included. */
const DAYS = 30
/** Operations that are drawn; the rest is called seldom. */
const OPERATIONS = 10

export function ChannelTraffic({ channel_id }: { channel_id: string }) {
  const { t, name, language } = useSpeech()
  const today = useToday()
  const from = dayAfter(today, 1 - DAYS)
  const { data, error, refetch } = useQuery({
    queryKey: ['channel', channel_id, 'traffic', from],
    queryFn: () => {
      const params = { path: { channel_id }, query: { from_on: from, to_on: today } }
      return ask(api.GET('/api/v1/channels/{channel_id}/traffic', { params }))
    },
  })
  const pictures = useMemo(() => (data ? [...funnel(data.issuance, name, t, language), ...drawn(data, from, today, t)] : []), [data, from, today, t, name, language])
  if (error) return <Panel title={t('traffic.calls')}><Failure error={error} retry={() => void refetch()} /></Panel>
  return (
    <>
      {pictures.map((figures) => (
        <ChartCard key={figures.title} figures={figures} note={t(figures.series.some((one) => one.name === 'p50') ? 'traffic.note' : 'traffic.days_note')} />
      ))}
    </>
  )
}

/** What became of claims: how many came to each check, and why those that went no further did not. */
function funnel({ asked, answered, gates }: Schemas['IssuanceFunnel'], name: Speaker['name'], t: Speaker['t'], language: string): Figures[] {
  const passed = asked > 0 ? gates : []
  const lost = losses(passed)
  const title = (gate: Gate) => t('funnel.came', { gate: name('gate', gate.gate) })
  return [
    {
      title: t('funnel.title'),
      labels: passed.length > 0 ? [...passed.map(title), t('funnel.answered')] : [],
      labelled: t('funnel.step'),
      isLying: true,
      series: [
        { name: t('funnel.reached'), kind: 'bar', values: [...passed.map((one) => one.came), answered] },
        { name: t('funnel.lost'), kind: 'none', values: [...passed.map((one) => one.lost), null] },
        { name: t('funnel.share'), kind: 'none', unit: '%', values: [...passed.map((one) => one.came), answered].map((value) => (asked > 0 ? Math.round((value * 1000) / asked) / 10 : null)) },
      ],
    },
    {
      title: t('funnel.reasons'),
      labels: lost.map((one) => (language === 'en' ? one.title_en : one.title_zh) ?? one.code),
      labelled: t('funnel.reason'),
      isLying: true,
      series: [{ name: t('funnel.lost'), kind: 'bar', values: lost.map((one) => one.calls) }],
    },
  ]
}

function drawn(view: Schemas['TrafficView'], from: string, to: string, t: Speaker['t']): Figures[] {
  const days = view.days.length > 0 ? byDay(view, from, to) : []
  const common = { labels: days.map((one) => one.day) }
  const operations = view.operations.slice(0, OPERATIONS)
  return [
    {
      ...common,
      title: t('traffic.calls'),
      series: [
        { name: t('traffic.answered'), kind: 'bar', values: days.map((one) => one.answered) },
        { name: t('traffic.refused'), kind: 'bar', values: days.map((one) => one.refused) },
        { name: t('traffic.failed'), kind: 'bar', values: days.map((one) => one.failed) },
        { name: t('traffic.success'), kind: 'none', unit: '%', values: days.map((one) => one.success) },
      ],
    },
    {
      ...common,
      title: t('traffic.latency'),
      unit: ' ms',
      series: [
        { name: 'p50', kind: 'line', values: days.map((one) => one.p50) },
        { name: 'p95', kind: 'line', values: days.map((one) => one.p95) },
      ],
    },
    {
      title: t('traffic.operations'),
      labels: operations.map((one) => operationName(one.operation)),
      labelled: t('traffic.operations'),
      isLying: true,
      series: [
        { name: t('traffic.calls'), kind: 'bar', values: operations.map((one) => one.calls) },
        { name: t('traffic.success'), kind: 'none', unit: '%', values: operations.map((one) => success(one)) },
        { name: 'p50', kind: 'none', unit: ' ms', values: operations.map((one) => millis(one.p50_micros)) },
        { name: 'p95', kind: 'none', unit: ' ms', values: operations.map((one) => millis(one.p95_micros)) },
      ],
    },
    {
      title: t('traffic.codes'),
      labels: view.codes.map((one) => one.code),
      labelled: t('traffic.codes'),
      isLying: true,
      series: [{ name: t('traffic.calls'), kind: 'bar', values: view.codes.map((one) => one.calls) }],
    },
  ]
}
