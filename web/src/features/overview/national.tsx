// The pictures of the whole country, or of what the asker sees of it: issuance against the year before, the share of the six
// classes, where the users are and where channels serve (N3).

import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useNavigate } from 'react-router'
import { api, ask, type Schemas } from '../../api/client'
import { NATION } from '../../app/divisions'
import { useSession } from '../../app/session'
import { useToday } from '../../app/today'
import { useSpeech } from '../../i18n'
import { ChartCard, type Figures } from '../../parts/chart_card'
import { momentText } from '../../parts/moment'
import { Panel } from '../../parts/page'
import { Failure, Loading } from '../../parts/states'
import { TileMap } from '../../parts/tile_map'
import { TILES } from '../../parts/tiles'
import { walk } from '../../parts/walk'
import { closedMonths, lastDay } from '../statistic/months'
import { change, classShares, monthsOf, yearBefore } from '../statistic/national'
import { useTotals } from '../statistic/use_totals'
import { areasOf, Bars, UsersByArea } from '../statistic/users_by_area'

type Entry = Schemas['DirectoryEntry']

const MONTHS = 12

/** Most channels of the list that are counted. */
const MOST = 2000

function useInService() {
  return useQuery({
    queryKey: ['directory', NATION],
    queryFn: () => {
      const fetch = ({ cursor }: { cursor?: string }) =>
        ask(api.GET('/api/v1/directory', { params: { query: { limit: 200, cursor } } }))
      return walk<Entry>({ fetch, filters: [], values: {} }, { from: undefined, want: MOST })
    },
  })
}

/** A picture that is not there yet, or will not be. */
function Unseen({ title, error, retry }: { title: string; error: unknown; retry: () => void }) {
  if (!error) return <Loading />
  return (
    <Panel title={title}>
      <Failure error={error} retry={retry} />
    </Panel>
  )
}

/** Channels in service, by province. */
export function InService() {
  const { t } = useSpeech()
  const navigate = useNavigate()
  const { data, error, refetch } = useInService()
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
  if (!data) return <Unseen title={t('overview.in_service')} error={error} retry={() => void refetch()} />
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

/** Issuance or active users of all channels in sight, month by month, beside the year before. */
export function AgainstYearBefore({ of }: { of: 'issued' | 'active_users' }) {
  const { t } = useSpeech()
  const today = useToday()
  const months = useMemo(() => closedMonths(today, MONTHS), [today])
  const before = useMemo(() => yearBefore(months), [months])
  const [now, then] = [useTotals(months), useTotals(before)]
  const title = t('national.against', { what: t(`statistic.${of}`) })
  const figures = useMemo<Figures | null>(() => {
    if (!now.data || !then.data) return null
    const [values, old] = [monthsOf(now.data.periods, months, of), monthsOf(then.data.periods, before, of)]
    const changes = values.map((value, place) => change(value, old[place] ?? 0))
    return {
      title,
      labels: now.data.periods.length > 0 ? months : [],
      asOf: lastDay(months.at(-1) ?? ''),
      series: [
        { name: t('national.this_year'), kind: 'bar', values },
        { name: t('national.year_before'), kind: 'line', values: old },
        { name: t('national.change'), kind: 'none', unit: '%', values: changes },
      ],
    }
  }, [before, months, now.data, of, t, then.data, title])
  const error = now.error ?? then.error
  const again = () => void Promise.all([now.refetch(), then.refetch()])
  if (!figures) return <Unseen title={title} error={error} retry={again} />
  const last = figures.series[2]?.values.at(-1)
  return (
    <ChartCard
      figures={figures}
      note={t('national.note', {
        change: last == null ? '—' : `${last > 0 ? '+' : ''}${last}%`,
        at: momentText(now.data?.as_of),
      })}
    />
  )
}

/** The share of the six classes of the channels in service (CH-3). */
export function Classes() {
  const { t, name } = useSpeech()
  const { data, error, refetch, dataUpdatedAt } = useInService()
  const figures = useMemo<Figures | null>(() => {
    if (!data) return null
    const shares = classShares(data.rows)
    return {
      title: t('national.classes'),
      labels: data.rows.length > 0 ? shares.map((one) => name('class', one.class)) : [],
      labelled: t('channel.class'),
      isShare: true,
      series: [
        { name: t('overview.channels'), values: shares.map((one) => one.count) },
        { name: t('national.share'), kind: 'none', unit: '%', values: shares.map((one) => one.share) },
      ],
    }
  }, [data, name, t])
  if (!figures) return <Unseen title={t('national.classes')} error={error} retry={() => void refetch()} />
  return <ChartCard figures={figures} note={t('national.read_at', { at: momentText(new Date(dataUpdatedAt).toISOString()) })} />
}

/** The areas with the most users, beside the map of all. */
export function Ranked() {
  const { t } = useSpeech()
  const today = useToday()
  const [month = ''] = closedMonths(today, 1)
  const { data, error, refetch } = useQuery(areasOf(month))
  const title = t('national.ranked', { month })
  if (!data) return <Unseen title={title} error={error} retry={() => void refetch()} />
  return <Bars title={title} month={month} areas={data.areas} />
}

/** The pictures of the country on the first page, beside its others. */
export function National() {
  const { division } = useSession().org
  return (
    <>
      <AgainstYearBefore of="issued" />
      <AgainstYearBefore of="active_users" />
      <UsersByArea />
      {/* Everybody else has the areas as bars already. */}
      {division === NATION && <Ranked />}
    </>
  )
}
