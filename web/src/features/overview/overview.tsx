// The first page after signing in: what waits, and how the platform stands.

import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { Link, useNavigate } from 'react-router'
import { api, ask, type Schemas } from '../../api/client'
import { NATION } from '../../app/divisions'
import { useHolds, useSession } from '../../app/session'
import { useToday } from '../../app/today'
import { useSpeech } from '../../i18n'
import { ChartCard, type Figures } from '../../parts/chart_card'
import { Page, Panel } from '../../parts/page'
import { Failure, Loading } from '../../parts/states'
import { TileMap } from '../../parts/tile_map'
import { TILES } from '../../parts/tiles'
import { walk } from '../../parts/walk'
import { Inbox, Summary } from '../matter/inbox'
import { fetchMatters, type Matter } from '../matter/wire'
import { useMonthly } from '../statistic/channel_figures'
import { closedMonths, lastDay, type Row } from '../statistic/months'
import { taken } from './times'

export function Component() {
  const { t } = useSpeech()
  const { org } = useSession()
  const holds = useHolds()
  return (
    <Page title={t('nav.overview')} lead={org.name}>
      <div className="panels">
        {holds('matter.read') && (
          <Panel title={t('nav.inbox')} extra={<Link to="/inbox">{t('inbox.more')}</Link>}>
            <Summary />
            <Inbox most={6} />
          </Panel>
        )}
        <div className="pictures">
          <InService />
          {holds('statistic.read') && <Trend />}
          {holds('matter.read') && <Times />}
        </div>
      </div>
    </Page>
  )
}

/** Channels in service, by province. */
function InService() {
  const { t } = useSpeech()
  const navigate = useNavigate()
  const { data, error, refetch } = useQuery({
    queryKey: ['directory', NATION],
    queryFn: () => {
      const fetch = ({ cursor }: { cursor?: string }) =>
        ask(api.GET('/api/v1/directory', { params: { query: { limit: 200, cursor } } }))
      return walk<Schemas['DirectoryEntry']>({ fetch, filters: [], values: {} }, { from: undefined, want: 2000 })
    },
  })
  const counted = useMemo(() => {
    const entries = data?.rows ?? []
    const serves = (code: string) =>
      entries.filter((entry) => entry.regions.some((region) => region === NATION || region.startsWith(code.slice(0, 2)))).length
    return {
      values: new Map(TILES.map(([code]) => [code, serves(code)])),
      nationwide: entries.filter((entry) => entry.regions.includes(NATION)).length,
      all: entries.length,
    }
  }, [data])
  if (error) {
    return (
      <Panel title={t('overview.in_service')}>
        <Failure error={error} retry={() => void refetch()} />
      </Panel>
    )
  }
  if (!data) return <Loading />
  return (
    <TileMap
      title={t('overview.in_service')}
      unit={t('overview.channels')}
      values={counted.values}
      note={t('overview.in_service_note', { all: counted.all, nationwide: counted.nationwide })}
      choose={(code) => void navigate(`/directory?division=${code}`)}
    />
  )
}

const MONTHS = 12

/** Issuance and use of all channels in sight, month by month. */
function Trend() {
  const { t } = useSpeech()
  const today = useToday()
  const months = useMemo(() => closedMonths(today, MONTHS), [today])
  const { data, error, refetch } = useMonthly(months)
  const figures = useMemo<Figures>(() => {
    const sum = (month: string, key: 'issued' | 'active_users' | 'uses') =>
      (data?.rows ?? []).filter((row: Row) => row.period === month).reduce((total, row) => total + row[key], 0)
    const has = (data?.rows.length ?? 0) > 0
    return {
      title: t('overview.trend'),
      labels: has ? months : [],
      asOf: lastDay(months.at(-1) ?? ''),
      series: [
        { name: t('statistic.issued'), kind: 'bar', values: months.map((month) => sum(month, 'issued')) },
        { name: t('statistic.active_users'), kind: 'line', values: months.map((month) => sum(month, 'active_users')) },
      ],
    }
  }, [data, months, t])
  if (error) {
    return (
      <Panel title={t('overview.trend')}>
        <Failure error={error} retry={() => void refetch()} />
      </Panel>
    )
  }
  return data ? <ChartCard figures={figures} /> : <Loading />
}

/** Most ended matters that are looked at, the newest. */
const MOST_ENDED = 1000

/** How long matters of each kind took until they ended. */
function Times() {
  const { t, name } = useSpeech()
  const today = useToday()
  const { data, error, refetch } = useQuery({
    queryKey: ['matter', 'times'],
    queryFn: () => walk<Matter>({ fetch: fetchMatters, filters: [], values: { ended: 'true' } }, { from: undefined, want: MOST_ENDED }),
  })
  const figures = useMemo<Figures>(() => {
    const kinds = taken(data?.rows ?? [])
    return {
      title: t('overview.times'),
      labels: kinds.map((one) => t('overview.kind_count', { kind: name('kind', one.kind), n: one.count })),
      labelled: t('matter.kind'),
      isLying: true,
      asOf: today,
      unit: t('overview.days'),
      series: [
        { name: t('overview.median'), kind: 'bar', values: kinds.map((one) => one.median) },
        { name: t('overview.longest'), kind: 'bar', values: kinds.map((one) => one.longest) },
      ],
    }
  }, [data, name, t, today])
  if (error) {
    return (
      <Panel title={t('overview.times')}>
        <Failure error={error} retry={() => void refetch()} />
      </Panel>
    )
  }
  return data ? <ChartCard figures={figures} /> : <Loading />
}
