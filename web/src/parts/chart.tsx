// ECharts, in a chunk of its own: only pages with a picture load it.

import { BarChart, LineChart } from 'echarts/charts'
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
import { FONT, palette } from '../app/theme'
import type { Figures } from './chart_card'

use([BarChart, LineChart, AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, SVGRenderer])

const LIGHT = ['#1557b0', '#b35900', '#17683a', '#7a3e9d']
const DARK = ['#86b4f7', '#f0bd66', '#7bd49b', '#cf9fe8']

export default function Chart({ figures }: { figures: Figures }) {
  const place = useRef<HTMLDivElement>(null)
  const { isDark } = usePreferences()
  useEffect(() => {
    const element = place.current
    if (!element) return
    const chart = init(element, null, { renderer: 'svg' })
    chart.setOption(option(figures, isDark))
    const watch = new ResizeObserver(() => chart.resize())
    watch.observe(element)
    return () => {
      watch.disconnect()
      chart.dispose()
    }
  }, [figures, isDark])
  return <div ref={place} className="chart" role="img" aria-label={figures.title} />
}

function option({ labels, series, thresholds = [], unit = '', range, isLying = false }: Figures, isDark: boolean) {
  const colours = palette(isDark)
  const text = { color: colours.quiet, fontFamily: FONT }
  const line = { lineStyle: { color: colours.line } }
  const largest = Math.max(0, ...thresholds.map((threshold) => threshold.value))
  const categories = { type: 'category' as const, data: labels, axisLine: line, axisTick: { show: false }, axisLabel: text }
  const amounts = {
    type: 'value' as const,
    splitLine: line,
    axisLabel: { ...text, formatter: `{value}${unit}`, hideOverlap: true },
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
    grid: { top: series.length > 1 ? 40 : 20, left: 8, right: thresholds.length > 0 ? 96 : 16, bottom: 8, outerBoundsMode: 'same' },
    tooltip: {
      trigger: 'axis',
      renderMode: 'richText',
      backgroundColor: colours.raised,
      borderColor: colours.line,
      textStyle: { color: colours.text },
      valueFormatter: (value: unknown) => (typeof value === 'number' ? `${value.toLocaleString('en-US')}${unit}` : '—'),
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
