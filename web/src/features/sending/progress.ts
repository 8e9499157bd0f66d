// How far a sending has come.

import type { Tone } from '../../parts/status_tag'
import type { Counts, Entry } from './wire'

/** Where a channel stands, those to look at first. */
export const STANDINGS = ['late', 'open', 'dropped', 'answered'] as const

export const TONES: Record<string, Tone> = { answered: 'good', open: 'warn', late: 'bad', dropped: 'calm' }

/** Where a sending stands. */
export const SENDING_TONES: Record<string, Tone> = { planned: 'note', sent: 'good', cancelled: 'calm', failed: 'bad' }

/** Whole percents of those who could answer; everything when nobody could. */
export function percentOf({ channels, answered, dropped }: Counts): number {
  const asked = channels - dropped
  return asked > 0 ? Math.floor((answered / asked) * 100) : 100
}

/** Those who have not answered first. */
export function inOrder<One extends Pick<Entry, 'standing'>>(entries: One[]): One[] {
  const place = ({ standing }: One) => STANDINGS.findIndex((one) => one === standing)
  return entries.toSorted((one, other) => place(one) - place(other))
}
