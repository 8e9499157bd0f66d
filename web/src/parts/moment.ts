// Moments and days as people read them: always Asia/Shanghai, whatever the browser's zone, because that is what the
// rules count in.

import type { Tone } from './status_tag'

const ZONE = 'Asia/Shanghai'
const DAY_MS = 86_400_000

const day = new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE, dateStyle: 'short' })
const minute = new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE, dateStyle: 'short', timeStyle: 'short' })

/** `2026-11-25 16:04` */
export function momentText(moment: string | null | undefined): string {
  return moment ? minute.format(new Date(moment)) : '—'
}

/** `2026-11-25`; a plain day stays what it is. */
export function dayText(moment: string | null | undefined): string {
  if (!moment) return '—'
  return /^\d{4}-\d{2}-\d{2}$/.test(moment) ? moment : day.format(new Date(moment))
}

/** Whole days from one day to another, both in Asia/Shanghai; negative when `to` is the earlier one. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${dayText(to)}T00:00:00Z`) - Date.parse(`${dayText(from)}T00:00:00Z`)) / DAY_MS)
}

/** The day so many days later. */
export function dayAfter(from: string, days: number): string {
  return new Date(Date.parse(`${dayText(from)}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)
}

/** How urgent so many days are. */
export function urgency(days: number): Tone {
  if (days < 0) return 'bad'
  if (days <= 7) return 'warn'
  return 'note'
}

const STEPS: [unit: Intl.RelativeTimeFormatUnit, ms: number][] = [['day', DAY_MS], ['hour', 3_600_000], ['minute', 60_000]]
/** From so many days on the day itself says more. */
const LONG_DAYS = 30

/** `3小时前`; nothing once it is long ago. */
export function ago(moment: string, now: number, language: string): string {
  const distance = Date.parse(moment) - now
  if (Number.isNaN(distance) || Math.abs(distance) >= LONG_DAYS * DAY_MS) return ''
  const step = STEPS.find(([, ms]) => Math.abs(distance) >= ms)
  if (!step) return language === 'en' ? 'just now' : '刚刚'
  const [unit, ms] = step
  return new Intl.RelativeTimeFormat(language).format(Math.trunc(distance / ms), unit)
}
