// Who has a card and who its electronic form: the area's share, how it came to that, the areas below, and the marks that the
// notice of 2019 set. Their days are past; they are lines to be seen by.

import { useQuery } from '@tanstack/react-query'
import { Segmented } from 'antd'
import { useMemo, useState } from 'react'
import { api, ask, type Schemas } from '../../api/client'
import { NATION, useDivisions } from '../../app/divisions'
import { useSpeech } from '../../i18n'
import { ChartCard, type Figures } from '../../parts/chart_card'
import { Clause } from '../../parts/clause'
import { Facts, Page, Panel } from '../../parts/page'
import { ShortTable } from '../../parts/short_table'
import { Failure, Loading, Nothing } from '../../parts/states'
import { StatusTag } from '../../parts/status_tag'
import { TileMap } from '../../parts/tile_map'
import { useCounted } from '../../parts/use_counted'
import { byShare, percent } from './share'

type Seen = Schemas['Coverage']
type Mark = Schemas['CoverageMark']

export function Component() {
  const { t } = useSpeech()
  const counted = useCounted()
  const divisions = useDivisions()
  const { data, error, refetch } = useQuery({
    queryKey: ['statistic', 'coverage'],
    queryFn: () => ask(api.GET('/api/v1/statistics/coverage')),
  })
  const lead = data?.on ? t('coverage.lead', { on: data.on }) : t('coverage.lead_none')
  return (
    <Page title={t('nav.coverage')} lead={lead}>
      {error && <Failure error={error} retry={() => void refetch()} />}
      {!data && !error && <Loading />}
      {data && (
        <div className="panels">
          <Panel title={divisions.name(data.division)}>
            <Facts
              facts={[
                { label: t('coverage.holders'), value: counted(data.count.holders) },
                { label: t('coverage.ecards'), value: counted(data.count.ecards) },
                { label: t('coverage.share'), value: share(data.count) },
              ]}
            />
            <p className="quiet">{t('coverage.note')}</p>
          </Panel>
          <Trend seen={data} />
          <Areas seen={data} />
          <Marks marks={data.marks} />
        </div>
      )}
    </Page>
  )
}

function share(count: Schemas['CoverageCount']): string {
  const value = percent(count.basis_points)
  return value == null ? '—' : `${value}%`
}

/** The shares that were asked for, as lines. */
function useLines(marks: Mark[]) {
  const { t } = useSpeech()
  return useMemo(
    () =>
      marks
        .filter((mark) => mark.demand === 'share')
        .map((mark) => ({ name: t('coverage.line', { clause: mark.clause, share: mark.of / 100 }), value: mark.of / 100 })),
    [marks, t],
  )
}

function Trend({ seen }: { seen: Seen }) {
  const { t } = useSpeech()
  const thresholds = useLines(seen.marks)
  const figures = useMemo<Figures>(
    () => ({
      title: t('coverage.trend'),
      labels: seen.months.map((one) => one.month),
      unit: '%',
      asOf: seen.on ?? undefined,
      thresholds,
      series: [
        { name: t('coverage.share'), kind: 'line', values: seen.months.map((one) => percent(one.basis_points)) },
        { name: t('coverage.holders'), kind: 'none', unit: '', values: seen.months.map((one) => one.holders) },
        { name: t('coverage.ecards'), kind: 'none', unit: '', values: seen.months.map((one) => one.ecards) },
      ],
    }),
    [seen, t, thresholds],
  )
  return <ChartCard figures={figures} />
}

/** The areas below, the largest share first; of the nation also as tiles. */
function Areas({ seen }: { seen: Seen }) {
  const { t } = useSpeech()
  const divisions = useDivisions()
  const isNation = seen.division === NATION
  const [asTiles, setTiles] = useState(isNation)
  const thresholds = useLines(seen.marks)
  const figures = useMemo<Figures>(() => {
    const areas = byShare(seen.areas)
    return {
      title: t('coverage.areas'),
      labels: areas.map((one) => divisions.name(one.division)),
      labelled: t('org.division'),
      isLying: true,
      unit: '%',
      asOf: seen.on ?? undefined,
      thresholds,
      series: [
        { name: t('coverage.share'), kind: 'bar', values: areas.map((one) => percent(one.basis_points)) },
        { name: t('coverage.holders'), kind: 'none', unit: '', values: areas.map((one) => one.holders) },
        { name: t('coverage.ecards'), kind: 'none', unit: '', values: areas.map((one) => one.ecards) },
      ],
    }
  }, [divisions, seen, t, thresholds])
  const tiles = useMemo(
    () => new Map(seen.areas.flatMap((one) => (one.basis_points == null ? [] : [[one.division, one.basis_points / 100] as const]))),
    [seen],
  )
  if (seen.areas.length === 0) return <Panel title={t('coverage.areas')}><Nothing /></Panel>
  return (
    <>
      {isNation && (
        <Segmented<'tiles' | 'bars'>
          value={asTiles ? 'tiles' : 'bars'}
          options={[
            { value: 'tiles', label: t('coverage.tiles') },
            { value: 'bars', label: t('coverage.bars') },
          ]}
          onChange={(value) => setTiles(value === 'tiles')}
        />
      )}
      {asTiles ? <TileMap title={t('coverage.areas')} unit={t('coverage.percent')} values={tiles} /> : <ChartCard figures={figures} />}
    </>
  )
}

function Marks({ marks }: { marks: Mark[] }) {
  const { t, name } = useSpeech()
  return (
    <Panel title={t('coverage.marks')}>
      <ShortTable<Mark>
        rowKey={(mark) => `${mark.clause} ${mark.demand}`}
        dataSource={marks}
        columns={[
          { title: t('coverage.by'), dataIndex: 'on', className: 'nowrap' },
          { title: t('coverage.demand'), render: (_, mark) => name('coverage_demand', mark.demand) },
          {
            title: t('coverage.reached'),
            className: 'number',
            render: (_, mark) => (mark.demand === 'share' ? `${mark.reached / 100}% / ${mark.of / 100}%` : `${mark.reached} / ${mark.of}`),
          },
          {
            title: t('coverage.state'),
            render: (_, mark) => (
              <StatusTag family="coverage_state" state={mark.is_met ? 'met' : 'behind'} tone={mark.is_met ? 'good' : 'warn'} />
            ),
          },
          { title: t('coverage.clause'), render: (_, mark) => <Clause ids={mark.clause} /> },
        ]}
      />
      <p className="quiet">{t('coverage.marks_note')}</p>
    </Panel>
  )
}
