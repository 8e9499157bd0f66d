// The calendar of working days, year by year: holidays, weekends worked instead, by which notice, and who entered it.

import { useQueryClient } from '@tanstack/react-query'
import { Button, Segmented } from 'antd'
import { useState } from 'react'
import { api, ask, type Schemas } from '../../api/client'
import { useHolds, useSession } from '../../app/session'
import { useToday } from '../../app/today'
import { useSpeech } from '../../i18n'
import { between } from '../../i18n/between'
import { dayText, momentText } from '../../parts/moment'
import { Facts, Page, Panel } from '../../parts/page'
import { ShortTable } from '../../parts/short_table'
import { Failure, Loading } from '../../parts/states'
import { StatusTag } from '../../parts/status_tag'
import type { Tone } from '../../parts/status_tag'
import { Decide } from '../parameter/decide'
import { Enter } from './enter'
import { Missing } from './missing'
import { firstShown, isWaiting } from './months'
import { useCalendar } from './use_calendar'
import { YearGrid } from './year_grid'

type Calendar = Schemas['CalendarView']
type Year = Schemas['CalendarYearView']

export function Component() {
  const { t } = useSpeech()
  const { data, error, refetch } = useCalendar()
  const mayEnter = useHolds()('calendar.propose')
  const [isNew, setNew] = useState(false)
  const enter = mayEnter && data && !isWaiting(data.data, data.next_year) && (
    <Button type="primary" onClick={() => setNew(true)}>
      {t('calendar.enter', { year: data.next_year })}
    </Button>
  )
  return (
    <Page title={t('nav.calendar')} lead={t('calendar.lead')} actions={enter}>
      <Missing />
      {error && <Failure error={error} retry={() => void refetch()} />}
      {!data && !error && <Loading />}
      {data && <Years calendar={data} />}
      {isNew && data && <Enter year={data.next_year} close={() => setNew(false)} />}
    </Page>
  )
}

const keyOf = (one: Year) => one.entry?.calendar_year_id ?? `delivered ${one.year}`

function Years({ calendar }: { calendar: Calendar }) {
  const { t } = useSpeech()
  const today = useToday()
  const [chosen, setChosen] = useState<string | null>(null)
  const years = calendar.data
  const shown = years.find((one) => keyOf(one) === chosen) ?? firstShown(years, today)
  const label = (one: Year) =>
    one.entry && one.entry.number > 1 ? t('calendar.year_again', { year: one.year, number: one.entry.number }) : String(one.year)
  return (
    <div className="panels">
      <div>
        <Segmented
          aria-label={t('calendar.year')}
          value={shown && keyOf(shown)}
          options={years.map((one) => ({ value: keyOf(one), label: label(one) }))}
          onChange={setChosen}
        />
      </div>
      {shown && <OneYear key={keyOf(shown)} year={shown} isWaiting={isWaiting(years, shown.year)} today={today} stay={() => setChosen(keyOf(shown))} />}
    </div>
  )
}

const TONES: Record<Year['state'], Tone> = { delivered: 'good', proposed: 'warn', approved: 'good', rejected: 'calm' }

interface OneProps {
  year: Year
  /** Whether an arrangement of this year waits for a second person. */
  isWaiting: boolean
  today: string
  /** Goes on showing this one when it is not the one that is shown first any more. */
  stay: () => void
}

function OneYear({ year, isWaiting, today, stay }: OneProps) {
  const { t } = useSpeech()
  const holds = useHolds()
  const { staff } = useSession()
  const client = useQueryClient()
  const [isAmending, setAmending] = useState(false)
  const [isDeciding, setDeciding] = useState(false)
  const { entry } = year
  const isOwn = entry?.proposed_by === staff.staff_id
  const decide = async (body: Schemas['DecideCalendarYear']) => {
    if (!entry) return
    const params = { path: { calendar_year_id: entry.calendar_year_id }, header: { 'If-Match': `"${entry.version}"` } }
    await ask(api.POST('/api/v1/calendar-years/{calendar_year_id}/decision', { params, body }))
    stay()
    await client.invalidateQueries({ queryKey: ['calendar'] })
  }
  const mayAmend = holds('calendar.propose') && year.is_in_force && !isWaiting && String(year.year) > today.slice(0, 4)
  return (
    <>
      <Panel
        title={t('calendar.arranged', { year: year.year })}
        extra={<StatusTag family="parameter_state" state={year.state} tone={TONES[year.state]} />}
      >
        <Facts
          facts={[
            { label: t('calendar.source'), value: year.source, isWide: true },
            { label: t('calendar.in_force'), value: t(year.is_in_force ? 'calendar.counted' : 'calendar.not_counted') },
            { label: t('calendar.working_days'), value: t('calendar.days', { n: year.working_days }) },
            entry && { label: t('calendar.entered_by'), value: <Who id={entry.proposed_by} at={entry.proposed_at} words={entry.reason} /> },
            entry?.decided_by ? { label: t('calendar.decided_by'), value: <Who id={entry.decided_by} at={entry.decided_at} words={entry.decision_reason} /> } : null,
          ]}
        />
        {(mayAmend || (year.state === 'proposed' && holds('calendar.review'))) && (
          <div className="gap-above chips">
            {year.state === 'proposed' && holds('calendar.review') && (
              <Button type="primary" onClick={() => setDeciding(true)}>
                {t(isOwn ? 'parameter.take_back' : 'parameter.decide')}
              </Button>
            )}
            {mayAmend && <Button onClick={() => setAmending(true)}>{t('calendar.amend', { year: year.year })}</Button>}
          </div>
        )}
      </Panel>
      <Panel title={t('calendar.holidays')}>
        <Holidays year={year} />
      </Panel>
      <Panel title={t('calendar.months')}>
        <YearGrid year={year} />
      </Panel>
      {isAmending && <Enter year={year.year} like={year} close={() => setAmending(false)} />}
      {isDeciding && <Decide isOwn={isOwn} submit={decide} close={() => setDeciding(false)} />}
    </>
  )
}

function Who({ id, at, words }: { id: string; at?: string | null; words?: string | null }) {
  return (
    <>
      <code>{id}</code> <span className="quiet">{momentText(at)}</span>
      {words && <blockquote>{words}</blockquote>}
    </>
  )
}

function Holidays({ year }: { year: Year }) {
  const { t, about, language } = useSpeech()
  return (
    <>
      <ShortTable
        rowKey={(one) => one.first_on}
        dataSource={year.holidays}
        columns={[
          { title: t('calendar.holiday'), key: 'name', render: (_, one) => one.name },
          { title: t('calendar.first_on'), key: 'first', render: (_, one) => dayText(one.first_on) },
          { title: t('calendar.last_on'), key: 'last', render: (_, one) => dayText(one.last_on) },
        ]}
      />
      <p className="gap-above">
        {about(t('calendar.worked'), year.worked.length > 0 ? year.worked.join(between(language)) : t('calendar.none'))}
      </p>
    </>
  )
}
