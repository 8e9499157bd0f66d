// A picture of numbers, and the same numbers as a table for whoever would rather read them or cannot see it.

import { Button } from 'antd'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import { useSpeech } from '../i18n'
import { Panel } from './page'
import { Loading, Nothing } from './states'
import { useCounted } from './use_counted'

const Chart = lazy(() => import('./chart'))

export interface Series {
  name: string
  values: (number | null)[]
  /** `none` stands in the table alone. */
  kind?: 'line' | 'bar' | 'none'
  /** Behind its numbers, where they have another unit than the others. */
  unit?: string
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
  /** The first series as parts of a whole. */
  isShare?: boolean
  /** Lines that the regulation draws. */
  thresholds?: Threshold[]
  /** Behind every number, such as `%`. */
  unit?: string
  /** What the picture shows of the values; what lies beyond is cut off, and stands in the table. */
  range?: [number, number]
  /** Until when the numbers hold. */
  asOf?: string
}

interface Props {
  figures: Figures
  /** Said below the picture, and the table. */
  note?: ReactNode
  /** Stands beside the way to the table. */
  extra?: ReactNode
}

export function ChartCard({ figures, note, extra }: Props) {
  const { t } = useSpeech()
  const counted = useCounted()
  const [isTable, setTable] = useState(false)
  const { title, labels, series, unit = '', asOf, labelled } = figures
  const say = (value: number | null | undefined, behind = unit) => (value == null ? '—' : `${counted(value)}${behind}`)
  return (
    <Panel
      title={title}
      extra={
        <span className="action-bar">
          {extra}
          <Button size="small" onClick={() => setTable(!isTable)} aria-pressed={isTable}>
            {isTable ? t('chart.picture') : t('chart.table')}
          </Button>
        </span>
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
                    {say(one.values[index], one.unit)}
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
      {note && <p className="quiet">{note}</p>}
      {asOf && <p className="quiet">{t('chart.as_of', { at: asOf })}</p>}
    </Panel>
  )
}
