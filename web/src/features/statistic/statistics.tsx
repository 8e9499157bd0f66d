import { Segmented } from 'antd'
import { useMemo } from 'react'
import { Link, useSearchParams } from 'react-router'
import { api, ask } from '../../api/client'
import { useToday } from '../../app/today'
import { useSpeech } from '../../i18n'
import { useChannels } from '../../parts/choose'
import { dayAfter } from '../../parts/moment'
import { Page } from '../../parts/page'
import { type Column, type Filter, SearchTable } from '../../parts/search_table'
import { closedMonths, lastDay, monthAfter, type Row } from './months'

type Group = 'day' | 'month'

const COUNTS = ['issued', 'issued_total', 'active_users', 'uses', 'refused', 'payments'] as const
const SUMS = ['paid_fen', 'refunded_fen'] as const

export function Component() {
  const { t } = useSpeech()
  const today = useToday()
  const [params, setParams] = useSearchParams()
  const group: Group = params.get('group') === 'day' ? 'day' : 'month'
  const channels = useChannels()
  const names = useMemo(() => new Map(channels.map((one) => [one.channel_id, one.name])), [channels])
  const channelName = (id: string) => names.get(id) ?? id
  const months = closedMonths(today, 12)
  const first = group === 'month' ? `${months[0]}-01` : dayAfter(today, -30)
  const last = group === 'month' ? lastDay(monthAfter(months.at(-1) ?? '', 1)) : today
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
    {
      key: 'channel',
      label: t('channel.name'),
      options: channels.map((one) => ({ value: one.channel_id, label: one.name })),
      admits: (row, id) => row.channel_id === id,
    },
  ]
  return (
    <Page
      title={t('nav.statistics')}
      lead={t('statistic.lead', { from: first, to: last })}
      actions={
        <Segmented<Group>
          value={group}
          options={[
            { value: 'month', label: t('statistic.by_month') },
            { value: 'day', label: t('statistic.by_day') },
          ]}
          onChange={(value) => setParams({ group: value })}
        />
      }
    >
      <SearchTable
        key={group}
        title={t('nav.statistics')}
        noun={`statistic-${group}`}
        rowKey={(row) => `${row.period}-${row.channel_id}`}
        columns={columns}
        filters={filters}
        fetch={({ limit, cursor }) =>
          ask(api.GET('/api/v1/statistics', { params: { query: { from_on: first, to_on: last, group, limit, cursor } } }))
        }
      />
    </Page>
  )
}

/** Fen as yuan with two places. */
export function yuan(fen: number): string {
  return (fen / 100).toLocaleString('en-US', { minimumFractionDigits: 2 })
}
