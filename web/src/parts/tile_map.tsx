// The provinces as equal tiles, darker the more: a map that draws no boundary. The same numbers are there as a table.

import { Button } from 'antd'
import { useState } from 'react'
import { useDivisions } from '../app/divisions'
import { useSpeech } from '../i18n'
import { brief } from './count'
import { Panel } from './page'
import { LETTERS, TILES } from './tiles'
import { useCounted } from './use_counted'

interface Props {
  title: string
  /** What is counted, as the heading of the table. */
  unit: string
  /** By the code of the province. */
  values: ReadonlyMap<string, number>
  note?: string
  choose?: (code: string) => void
}

/** Shades above none. */
const STEPS = 4

/** Which shade a value has: 0 for nothing, then quarters of the largest. */
export function shade(value: number, largest: number): number {
  return value <= 0 || largest <= 0 ? 0 : Math.max(1, Math.ceil((value / largest) * STEPS))
}

/** 黑龙江, 内蒙古, and two characters of every other. */
export function shortName(name: string): string {
  return /^(黑龙江|内蒙古)/.test(name) ? name.slice(0, 3) : name.startsWith('新疆生产') ? '兵团' : name.slice(0, 2)
}

export function TileMap({ title, unit, values, note, choose }: Props) {
  const { t, language } = useSpeech()
  const { provinces } = useDivisions()
  const counted = useCounted()
  const [isTable, setTable] = useState(false)
  const largest = Math.max(0, ...values.values())
  const named = new Map(provinces.map((one) => [one.code, one]))
  const full = (code: string) => (language === 'en' && named.get(code)?.name_en) || (named.get(code)?.name ?? code)
  const short = (code: string) => (language === 'en' ? (LETTERS[code] ?? code) : shortName(full(code)))
  const ranked = [...TILES].sort(([one], [other]) => (values.get(other) ?? 0) - (values.get(one) ?? 0))
  return (
    <Panel
      title={title}
      extra={
        <Button size="small" onClick={() => setTable(!isTable)} aria-pressed={isTable}>
          {isTable ? t('chart.picture') : t('chart.table')}
        </Button>
      }
    >
      {isTable ? (
        <div className="tile-table">
          <table className="figures">
            <thead>
              <tr>
                <th scope="col">{t('org.division')}</th>
                <th scope="col" className="number">
                  {unit}
                </th>
              </tr>
            </thead>
            <tbody>
              {ranked.map(([code]) => (
                <tr key={code}>
                  <th scope="row">{full(code)}</th>
                  <td className="number">{counted(values.get(code) ?? 0)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : (
        <ul className="tiles" data-language={language}>
          {TILES.map(([code, column, row]) => {
            const value = values.get(code) ?? 0
            const place = { gridColumn: column + 1, gridRow: row + 1 }
            const content = (
              <>
                <span className={short(code).length > 2 ? 'tile-name is-long' : 'tile-name'} aria-hidden>
                  {short(code)}
                </span>
                <span className="visually-hidden">{full(code)}</span>
                <span className="tile-value">{brief(value, language)}</span>
              </>
            )
            return (
              <li key={code} style={place} className={`tile shade-${shade(value, largest)}`}>
                {choose ? (
                  <button type="button" title={`${full(code)} ${counted(value)}`} onClick={() => choose(code)}>
                    {content}
                  </button>
                ) : (
                  <span title={`${full(code)} ${counted(value)}`}>{content}</span>
                )}
              </li>
            )
          })}
        </ul>
      )}
      {note && <p className="quiet gap-above">{note}</p>}
    </Panel>
  )
}
