// Where the users of a month are: the provinces as tiles for whoever sees the nation, the areas below one's own as
// bars for everybody else.

import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api, ask, type Schemas } from '../../api/client'
import { NATION, useDivisions } from '../../app/divisions'
import { consoleOf, useSession } from '../../app/session'
import { useToday } from '../../app/today'
import { useSpeech } from '../../i18n'
import { ChartCard, type Figures } from '../../parts/chart_card'
import { Panel } from '../../parts/page'
import { Failure } from '../../parts/states'
import { TileMap } from '../../parts/tile_map'
import { closedMonths, lastDay, type Month, ranked } from './months'

/** The figures of a month by area, of one channel or of all in sight. */
export function areasOf(month: Month, channel_id?: string) {
  return {
    queryKey: ['statistic', 'areas', month, channel_id],
    queryFn: () => ask(api.GET('/api/v1/statistics/areas', { params: { query: { month, channel_id } } })),
  }
}

export function UsersByArea({ channel_id }: { channel_id?: string }) {
  const { t } = useSpeech()
  const { org, staff } = useSession()
  const today = useToday()
  const [month = ''] = closedMonths(today, 1)
  const { data, error, refetch } = useQuery(areasOf(month, channel_id))
  const title = t('areas.title', { month })
  if (error) return <Panel title={title}><Failure error={error} retry={() => void refetch()} /></Panel>
  if (!data) return null
  const seesNation = consoleOf(staff.role) === 'channel' || org.division === NATION
  return seesNation ? <Tiles title={title} areas={data.areas} /> : <Bars title={title} month={month} areas={data.areas} />
}

interface Props {
  title: string
  areas: Schemas['StatisticArea'][]
}

function Tiles({ title, areas }: Props) {
  const { t } = useSpeech()
  const values = useMemo(() => new Map(areas.map((one) => [one.division, one.active_users])), [areas])
  return <TileMap title={title} unit={t('areas.users')} values={values} note={t('areas.note')} />
}

/** The areas with the most users, the largest first. */
export function Bars({ title, areas, month, most = 12 }: Props & { month: Month; most?: number }) {
  const { t } = useSpeech()
  const divisions = useDivisions()
  const figures = useMemo<Figures>(() => {
    const shown = ranked(areas).slice(0, most)
    return {
      title,
      labels: shown.map((one) => divisions.name(one.division)),
      labelled: t('org.division'),
      isLying: true,
      asOf: lastDay(month),
      series: [{ name: t('areas.users'), kind: 'bar', values: shown.map((one) => one.active_users) }],
    }
  }, [areas, divisions, month, most, t, title])
  return <ChartCard figures={figures} note={t('areas.note')} />
}
