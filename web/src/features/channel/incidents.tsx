// A channel’s incidents along time: what happened, how long services were withheld for it, and what is due.

import { Button } from 'antd'
import { useMemo, useState } from 'react'
import { Link } from 'react-router'
import { useToday } from '../../app/today'
import { useSpeech } from '../../i18n'
import { Panel } from '../../parts/page'
import type { Matter } from '../matter/wire'
import { type Measure, useMeasures, useWithheld } from './measures'
import { type Incident, incidentsOf, type Span, stretch } from './spans'

/** Month labels that stand beside each other without touching. */
const MOST_LABELS = 12

export function Incidents({ channel_id, matters }: { channel_id: string; matters: Matter[] }) {
  const { t } = useSpeech()
  const { data: measures } = useMeasures(channel_id)
  const [isTable, setTable] = useState(false)
  const incidents = useMemo(() => incidentsOf(matters, measures ?? []), [matters, measures])
  if (incidents.length === 0) return null
  return (
    <Panel
      title={t('incident.title')}
      extra={
        <Button size="small" onClick={() => setTable(!isTable)} aria-pressed={isTable}>
          {isTable ? t('chart.picture') : t('chart.table')}
        </Button>
      }
    >
      {isTable ? <Listed incidents={incidents} /> : <Drawn incidents={incidents} />}
    </Panel>
  )
}

function Drawn({ incidents }: { incidents: Incident[] }) {
  const { t, name } = useSpeech()
  const today = useToday()
  const { months, place, span } = useMemo(() => stretch(incidents, today), [incidents, today])
  const every = Math.ceil(months.length / MOST_LABELS)
  const at = (one: Span) => {
    const { left, width } = span(one)
    return { left: `${left}%`, width: `${width}%` }
  }
  const todayAt = { left: `${place(today)}%` }
  return (
    <>
      <p className="quiet gap-below">{t('incident.lead')}</p>
      <div className="spans">
        <div className="spans-row spans-months" aria-hidden="true">
          <span />
          <span className="spans-track">
            {months.map((month, index) =>
              index % every === 0 ? (
                <span key={month} style={{ left: `${place(`${month}-01`)}%` }}>
                  {month}
                </span>
              ) : null,
            )}
          </span>
        </div>
        {incidents.map(({ matter, withheld, due, ...whole }) => (
          <div key={matter.matter_id} className="spans-row">
            <span className="spans-name">
              <Link to={`/matters/${matter.matter_id}`}>{matter.title}</Link>
              <span className="quiet">
                {name('kind', matter.kind)} · {name(`state.${matter.kind}`, matter.state)}
              </span>
            </span>
            <span className="spans-track" aria-hidden="true">
              <span className="spans-today" style={todayAt} />
              <span className={`span-bar ${whole.until ? 'span-over' : 'span-open'}`} style={at(whole)} />
              {withheld.map((one) => (
                <span key={one.measure.measure_id} className="span-bar span-withheld" style={at(one)} />
              ))}
              {due && <span className="span-due" style={{ left: `${place(due)}%` }} />}
            </span>
          </div>
        ))}
        <div className="spans-row spans-months" aria-hidden="true">
          <span />
          <span className="spans-track">
            <span className="spans-now" style={todayAt}>
              {t('incident.now')}
            </span>
          </span>
        </div>
      </div>
    </>
  )
}

function Listed({ incidents }: { incidents: Incident[] }) {
  const { t, name, about } = useSpeech()
  const say = useWithheld()
  const line = (key: string, what: string, { from, until }: Span) => (
    <tr key={key}>
      <th scope="row">{what}</th>
      <td>{from}</td>
      <td>{until ?? t('incident.open')}</td>
    </tr>
  )
  const withheld = (measure: Measure) => about(t('incident.withheld'), say(measure))
  return (
    <table className="figures">
      <thead>
        <tr>
          <th scope="col">{t('incident.what')}</th>
          <th scope="col">{t('incident.from')}</th>
          <th scope="col">{t('incident.until')}</th>
        </tr>
      </thead>
      <tbody>
        {incidents.flatMap((one) => [
          line(one.matter.matter_id, `${name('kind', one.matter.kind)} · ${one.matter.title}`, one),
          ...one.withheld.map((span) => line(span.measure.measure_id, withheld(span.measure), span)),
        ])}
      </tbody>
    </table>
  )
}
