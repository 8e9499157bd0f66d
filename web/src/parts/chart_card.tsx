// A picture of numbers, and the same numbers as a table for whoever would rather read them or cannot see it.

import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useSpeech } from '../i18n'
import { Panel } from './page'
import { Loading, Nothing } from './states'

const Chart = lazy(() => import('./chart'))

export interface Series {
  name: string
  values: (number | null)[]
  kind?: 'line' | 'bar'
}

export interface Threshold {
  name: string
  value: number
}

export interface Figures {
  title: string
  /** One label per value of every series, such as months. */
  labels: string[]
  series: Series[]
  /** What the labels are; periods where nothing is said. */
  labelled?: string
  /** Bars lie, so that long labels can be read. */
  isLying?: boolean
  /** Lines that the regulation draws. */
  thresholds?: Threshold[]
  /** Behind every number, such as `%`. */
  unit?: string
  /** What the picture shows of the values; what lies beyond is cut off, and stands in the table. */
  range?: [number, number]
  /** Until when the numbers hold. */
  asOf?: string
}

export function ChartCard({ figures }: { figures: Figures }) {
  const { t } = useSpeech()
  const [isTable, setTable] = useState(false)
  const { title, labels, series, unit = '', asOf, labelled } = figures
  const say = (value: number | null | undefined) => (value == null ? '—' : `${value.toLocaleString('en-US')}${unit}`)
  return (
    <Panel
      title={title}
      extra={
        <Button size="small" onClick={() => setTable(!isTable)} aria-pressed={isTable}>
          {isTable ? t('chart.picture') : t('chart.table')}
        </Button>
      }
    >
      {labels.length === 0 || series.every((one) => one.values.every((value) => value == null)) ? (
        <Nothing />
      ) : isTable ? (
        <table className="figures">
          <thead>
            <tr>
              <th scope="col">{labelled ?? t('chart.label')}</th>
              {series.map((one) => (
                <th key={one.name} scope="col" className="number">
                  {one.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {labels.map((label, index) => (
              <tr key={label}>
                <th scope="row">{label}</th>
                {series.map((one) => (
                  <td key={one.name} className="number">
                    {say(one.values[index])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      ) : (
        <Suspense fallback={<Loading />}>
          <Chart figures={figures} />
        </Suspense>
      )}
      {asOf && <p className="quiet">{t('chart.as_of', { at: asOf })}</p>}
    </Panel>
  )
}
