// Twelve months, in which every day off and every weekend worked is marked by a letter, not by its colour alone.

import { useSpeech } from '../../i18n'
import { type Arranged, type Day, type Month, monthsOf } from './months'

/** A Monday, and the six days after it. */
const WEEKDAYS = [5, 6, 7, 8, 9, 10, 11].map((date) => new Date(Date.UTC(1970, 0, date)))

export function YearGrid({ year }: { year: Arranged }) {
  return (
    <div className="year-grid">
      {monthsOf(year).map((month) => (
        <MonthTable key={month.month} year={year.year} month={month} />
      ))}
    </div>
  )
}

function MonthTable({ year, month }: { year: number; month: Month }) {
  const { language } = useSpeech()
  const first = new Date(Date.UTC(year, month.month - 1, 1))
  const caption = new Intl.DateTimeFormat(language, { timeZone: 'UTC', year: 'numeric', month: 'long' }).format(first)
  const called = new Intl.DateTimeFormat(language, { timeZone: 'UTC', weekday: language === 'en' ? 'short' : 'narrow' })
  return (
    <table className="month">
      <caption>{caption}</caption>
      <thead>
        <tr>
          {WEEKDAYS.map((weekday) => (
            <th key={weekday.getTime()} scope="col">
              {called.format(weekday)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {month.weeks.map((week, place) => (
          <tr key={place}>
            {week.map((day, weekday) => (
              <td key={weekday}>{day && <Cell day={day} />}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Cell({ day }: { day: Day }) {
  const { t } = useSpeech()
  if (day.kind === 'work') return <>{day.date}</>
  if (day.kind === 'rest') return <span className="quiet">{day.date}</span>
  const isOff = day.kind === 'holiday'
  return (
    <span className={`month-day ${isOff ? 'tone-good' : 'tone-warn'}`} title={isOff ? day.name : t('calendar.worked')}>
      {day.date}
      <small>{t(isOff ? 'calendar.off' : 'calendar.on')}</small>
    </span>
  )
}
