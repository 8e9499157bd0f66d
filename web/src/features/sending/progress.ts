// How far a sending has come.

import type { Tone } from '../../parts/status_tag'
import type { Key } from '../../i18n'
import type { Counts, Entry, LeftOut } from './wire'

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

/** How far a channel has come with its key, from the first step to the last. */
export const STAGES = ['not_begun', 'drafted', 'filed', 'both', 'rotated'] as const

/** How many channels stand at each stage; those whose matter has ended without an answer are left out. */
export function inStages(entries: Pick<Entry, 'standing' | 'rotation'>[]): Record<(typeof STAGES)[number], number> {
  const asked = entries.filter(({ standing }) => standing !== 'dropped')
  const count = (stage: string) => asked.filter(({ rotation }) => rotation?.stage === stage).length
  return { not_begun: count('not_begun'), drafted: count('drafted'), filed: count('filed'), both: count('both'), rotated: count('rotated') }
}

/** Why a channel is left out, in general; which it is of these is kept with the sending. */
const WHY: Record<string, Key> = { agreement: 'sending.without_agreement', key_rotation: 'sending.without_key' }

/** Those who are left out, by why: a text that cannot be filled is another reason than where a channel's matter stands. */
export function inReasons(kind: string, left_out: LeftOut[]): [Key | undefined, LeftOut[]][] {
  const why = ({ code }: LeftOut) => (code.startsWith('template.') ? 'sending.unfilled' : WHY[kind])
  const reasons = [...new Set(left_out.map(why))]
  return reasons.map((reason) => [reason, left_out.filter((one) => why(one) === reason)])
}

/** Those who have not answered first. */
export function inOrder<One extends Pick<Entry, 'standing'>>(entries: One[]): One[] {
  const place = ({ standing }: One) => STANDINGS.findIndex((one) => one === standing)
  return entries.toSorted((one, other) => place(one) - place(other))
}
