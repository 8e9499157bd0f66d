// The figures of all channels in sight, the newest month first, with a picture above them.

import { Segmented } from 'antd'
import { useMemo } from 'react'
import { Link, useSearchParams } from 'react-router'
import { api, ask } from '../../api/client'
import { useToday } from '../../app/today'
import { useSpeech } from '../../i18n'
import { ChartCard, type Figures } from '../../parts/chart_card'
import { useChannels } from '../../parts/choose'
import { Page } from '../../parts/page'
import { type Column, type Filter, SearchTable } from '../../parts/search_table'
import type { Fetch } from '../../parts/walk'
import { Applications } from './applications'
import { ChannelFigures } from './channel_figures'
import { closedMonths, lastDay, type Month, monthAfter, placeBehind, placeOf, type Row } from './months'
import { monthsOf } from './national'
import { useTotals } from './use_totals'

type Group = 'day' | 'month'

/** Closed months that can be looked at. */
const MONTHS = 12
const COUNTS = ['issued', 'issued_total', 'active_users', 'uses', 'refused', 'payments'] as const
const SUMS = ['paid_fen', 'refunded_fen'] as const

export function Component() {
  const { t } = useSpeech()
  const today = useToday()
  const [params, setParams] = useSearchParams()
  const group: Group = params.get('group') === 'day' ? 'day' : 'month'
  const closed = useMemo(() => closedMonths(today, MONTHS), [today])
  const months = useMemo(() => [...closed, monthAfter(closed.at(-1) ?? '', 1)], [closed])
  const first = months[0] ?? ''
  const choose = (value: Group) =>
    setParams((old) => {
      const next = new URLSearchParams(old)
      next.delete('cursor')
      next.set('group', value)
      return next
    })
  return (
    <Page
      title={t('nav.statistics')}
      lead={t('statistic.lead', { from: `${first}-01`, to: today })}
      actions={
        <Segmented<Group>
          value={group}
          options={[
            { value: 'month', label: t('statistic.by_month') },
            { value: 'day', label: t('statistic.by_day') },
          ]}
          onChange={choose}
        />
      }
    >
      <div className="panels">
        <Pictures channel_id={params.get('channel')} months={closed} />
        <List key={group} group={group} months={months} />
      </div>
    </Page>
  )
}

/** Of one channel against the lines of the rule; of all together the plain figures, since the rule judges channels. */
function Pictures({ channel_id, months }: { channel_id: string | null; months: Month[] }) {
  const channel = useChannels().find((one) => one.channel_id === channel_id)
  return channel ? <ChannelFigures channel={channel} /> : <Together months={months} />
}

function Together({ months }: { months: Month[] }) {
  const { t } = useSpeech()
  const { data } = useTotals(months)
  if (!data) return null
  const of = (key: 'issued' | 'active_users' | 'uses') => (data.periods.length > 0 ? monthsOf(data.periods, months, key) : [])
  const picture = (name: string, values: number[]): Figures => ({
    title: `${name} · ${t('statistic.all_channels')}`,
    labels: values.length > 0 ? months : [],
    series: [{ name, values, kind: 'bar' }],
    asOf: lastDay(months.at(-1) ?? ''),
  })
  return (
    <div className="pictures">
      <ChartCard figures={picture(t('statistic.issued'), of('issued'))} />
      <ChartCard figures={picture(t('statistic.active_users'), of('active_users'))} />
      <ChartCard figures={picture(t('statistic.uses'), of('uses'))} />
      <Applications />
    </div>
  )
}

/** Rows of one month after another, back in time. */
function fetchBack(group: Group, months: Month[]): Fetch<Row> {
  return async ({ limit, cursor, values }) => {
    const chosen = values.month
    const { month, cursor: rest } = placeOf(cursor ?? chosen ?? months.at(-1) ?? '')
    const query = { from_on: `${month}-01`, to_on: lastDay(month), group, order: 'desc', limit, cursor: rest }
    const page = await ask(api.GET('/api/v1/statistics', { params: { query } }))
    const next = placeBehind(month, page.has_more ? page.next_cursor : null, chosen ?? months[0] ?? month)
    return { data: page.data, has_more: next !== null, next_cursor: next }
  }
}

function List({ group, months }: { group: Group; months: Month[] }) {
  const { t } = useSpeech()
  const channels = useChannels()
  const names = useMemo(() => new Map(channels.map((one) => [one.channel_id, one.name])), [channels])
  const channelName = (id: string) => names.get(id) ?? id
  const columns: Column<Row>[] = [
    { key: 'period', title: t('statistic.period'), render: (row) => row.period, text: (row) => row.period },
    {
      key: 'channel',
      title: t('channel.name'),
      render: (row) => <Link to={`/channels/${row.channel_id}`}>{channelName(row.channel_id)}</Link>,
      text: (row) => channelName(row.channel_id),
    },
    ...COUNTS.map<Column<Row>>((key) => ({
      key,
      title: t(`statistic.${key}`),
      isNumber: true,
      render: (row) => row[key].toLocaleString('en-US'),
      text: (row) => String(row[key]),
    })),
    ...SUMS.map<Column<Row>>((key) => ({
      key,
      title: t(`statistic.${key}`),
      isNumber: true,
      render: (row) => yuan(row[key]),
      text: (row) => (row[key] / 100).toFixed(2),
    })),
  ]
  const filters: Filter<Row>[] = [
    { key: 'month', label: t('statistic.month'), options: months.toReversed().map((value) => ({ value, label: value })) },
    {
      key: 'channel',
      label: t('channel.name'),
      options: channels.map((one) => ({ value: one.channel_id, label: one.name })),
      admits: (row, id) => row.channel_id === id,
    },
  ]
  return (
    <SearchTable
      title={t('nav.statistics')}
      noun={`statistic_${group}`}
      rowKey={(row) => `${row.period}-${row.channel_id}`}
      columns={columns}
      filters={filters}
      fetch={fetchBack(group, months)}
    />
  )
}

/** Fen as yuan with two places. */
export function yuan(fen: number): string {
  return (fen / 100).toLocaleString('en-US', { minimumFractionDigits: 2 })
}
