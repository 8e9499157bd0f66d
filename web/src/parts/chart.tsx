// ECharts, in a chunk of its own: only pages with a picture load it.

import { BarChart, LineChart, PieChart } from 'echarts/charts'
import {
  AriaComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TooltipComponent,
} from 'echarts/components'
import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'
import { usePreferences } from '../app/preferences'
import { FONT, type Look, palette } from '../app/theme'
import type { Figures } from './chart_card'
import { legendRows } from './legend'
import { counted } from './count'

use([BarChart, LineChart, PieChart, AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, SVGRenderer])

const LIGHT = ['#1557b0', '#b35900', '#17683a', '#7a3e9d', '#8a6d00', '#a32a5b']
const DARK = ['#86b4f7', '#f0bd66', '#7bd49b', '#cf9fe8', '#e3d26a', '#f29bbf']

export default function Chart({ figures }: { figures: Figures }) {
  const place = useRef<HTMLDivElement>(null)
  const { isDark, isHigh, language, isShort } = usePreferences()
  useEffect(() => {
    const element = place.current
    if (!element) return
    const chart = init(element, null, { renderer: 'svg' })
    const look = { isDark, isHigh, write: (value: number) => counted(value, language, isShort) }
    chart.setOption(figures.isShare ? shares(figures, look) : option(figures, look))
    const watch = new ResizeObserver(() => chart.resize())
    watch.observe(element)
    return () => {
      watch.disconnect()
      chart.dispose()
    }
  }, [figures, isDark, isHigh, isShort, language])
  return <div ref={place} className="chart" role="img" aria-label={figures.title} />
}

/** How a picture looks and how its numbers are written. */
type Drawn = Look & { write: (value: number) => string }

/** A part of a ring, as its label is told of it. */
interface Part {
  name: string
  value?: unknown
  percent?: number
}

/** A ring, with every part named beside it and patterned, so that nothing is told by colour alone. */
function shares({ labels, series, unit = '' }: Figures, look: Drawn) {
  const { isDark } = look
  const colours = palette(look)
  const text = { color: colours.quiet, fontFamily: FONT }
  const values = series[0]?.values ?? []
  const parted = ({ name, value, percent = 0 }: Part) => `${name}\n${String(value)}${unit} · ${Math.round(percent)}%`
  return {
    color: isDark ? DARK : LIGHT,
    textStyle: text,
    animation: false,
    aria: { enabled: true, decal: { show: true } },
    series: [
      {
        type: 'pie',
        name: series[0]?.name,
        radius: ['30%', '46%'],
        // The labels stand at the edges, so that none is cut off in a narrow card.
        label: { color: colours.text, fontFamily: FONT, formatter: parted, alignTo: 'edge', edgeDistance: 2, minMargin: 4, overflow: 'break' },
        data: labels.map((name, place) => ({ name, value: values[place] ?? 0 })).filter(({ value }) => value > 0),
      },
    ],
  }
}

function option({ labels, series: all, thresholds = [], unit = '', range, isLying = false }: Figures, look: Drawn) {
  const { isDark, write } = look
  const series = all.filter((one) => one.kind !== 'none')
  const colours = palette(look)
  const text = { color: colours.quiet, fontFamily: FONT }
  const line = { lineStyle: { color: colours.line } }
  const largest = Math.max(0, ...thresholds.map((threshold) => threshold.value))
  const categories = { type: 'category' as const, data: labels, axisLine: line, axisTick: { show: false }, axisLabel: text }
  const amounts = {
    type: 'value' as const,
    splitLine: line,
    axisLabel: { ...text, formatter: (value: number) => `${write(value)}${unit}`, hideOverlap: true },
    // Beside long names there is room for few words.
    ...(isLying ? { splitNumber: 2 } : {}),
    min: range?.[0],
    max: range?.[1] ?? ((seen: { max: number }) => (seen.max < largest ? Math.ceil(largest * 1.2) : null)),
  }
  return {
    color: isDark ? DARK : LIGHT,
    textStyle: text,
    animation: false,
    aria: { enabled: true, decal: { show: series.filter((one) => one.kind === 'bar').length > 1 } },
    legend: { top: 0, left: 0, textStyle: text, show: series.length > 1 },
    grid: { top: series.length > 1 ? 16 + 22 * legendRows(series) : 20, left: 8, right: thresholds.length > 0 ? 96 : 16, bottom: 8, outerBoundsMode: 'same' },
    tooltip: {
      trigger: 'axis',
      renderMode: 'richText',
      backgroundColor: colours.raised,
      borderColor: colours.line,
      textStyle: { color: colours.text },
      valueFormatter: (value: unknown) => (typeof value === 'number' ? `${write(value)}${unit}` : '—'),
    },
    ...(isLying ? { xAxis: amounts, yAxis: { ...categories, inverse: true } } : { xAxis: categories, yAxis: amounts }),
    series: series.map((one, index) => ({
      name: one.name,
      type: one.kind ?? 'line',
      data: one.values,
      barMaxWidth: 28,
      symbolSize: 6,
      markLine:
        index === 0 && thresholds.length > 0
          ? {
              symbol: 'none',
              silent: true,
              lineStyle: { color: colours.bad, type: 'dashed', width: 1.5 },
              label: { color: colours.bad, formatter: '{b}', position: 'end' },
              data: thresholds.map((threshold) => ({ name: threshold.name, yAxis: threshold.value })),
            }
          : undefined,
    })),
  }
}
