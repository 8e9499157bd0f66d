import { describe, expect, it } from 'vitest'
import type { Schemas } from '../src/api/client'
import { firstShown, isWaiting, monthsOf } from '../src/features/calendar/months'

// Nobody has arranged 2030 yet: this is made up.
const YEAR = { year: 2030, holidays: [{ name: '甲', first_on: '2030-02-04', last_on: '2030-02-08' }], worked: ['2030-02-02'] }

describe('a year is drawn', () => {
  const months = monthsOf(YEAR)
  const february = months[1]?.weeks ?? []
  const kinds = (week: number) => february[week]?.map((day) => day?.kind ?? null)

  it('as twelve months of whole weeks that begin on Monday', () => {
    expect(months).toHaveLength(12)
    expect(months.every(({ weeks }) => weeks.every((week) => week.length === 7))).toBe(true)
    expect(months.flatMap(({ weeks }) => weeks.flat()).filter(Boolean)).toHaveLength(365)
    expect(months[0]?.weeks[0]?.map((day) => day?.date ?? null)).toEqual([null, 1, 2, 3, 4, 5, 6])
  })

  it('with every day as what it is', () => {
    expect(kinds(0)).toEqual([null, null, null, null, 'work', 'worked', 'rest'])
    expect(kinds(1)).toEqual(['holiday', 'holiday', 'holiday', 'holiday', 'holiday', 'rest', 'rest'])
    expect(february[1]?.[0]?.name).toBe('甲')
  })

  it('with the day that a leap year has more', () => {
    expect(monthsOf({ ...YEAR, year: 2028 })[1]?.weeks.flat().filter(Boolean)).toHaveLength(29)
  })
})

describe('the year that is shown first', () => {
  const year = (year: number, state: Schemas['CalendarYearView']['state'], is_in_force: boolean) =>
    ({ ...YEAR, year, state, is_in_force, source: '', working_days: 248 }) as Schemas['CalendarYearView']
  const standing = [year(2025, 'delivered', true), year(2026, 'delivered', true), year(2027, 'rejected', false)]

  it('is what waits for somebody, else the present one', () => {
    expect(firstShown([...standing, year(2027, 'proposed', false)], '2026-11-26')).toMatchObject({ year: 2027, state: 'proposed' })
    expect(firstShown(standing, '2025-03-01')?.year).toBe(2025)
  })

  it('is the last that is known where the present one is missing', () => {
    expect(firstShown(standing, '2028-01-01')?.year).toBe(2026)
  })
})

it('takes no other arrangement of a year while one of it waits for a second person', () => {
  const years = [{ year: 2027, state: 'approved' }, { year: 2027, state: 'proposed' }, { year: 2028, state: 'rejected' }] as const
  expect([2027, 2028].map((year) => isWaiting([...years], year))).toEqual([true, false])
})
