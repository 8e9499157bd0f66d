// 更新内容: what is new for whoever uses the pages, by release. Told once in each browser after an upgrade, and again on demand.

import type { Key } from '../i18n'

export interface Release {
  /** Ascending. */
  id: string
  items: Key[]
}

export const RELEASES: Release[] = [
  {
    id: '2026-11',
    items: ['news.draft', 'news.conflict', 'news.clause', 'news.views', 'news.story', 'news.course', 'news.agreement', 'news.report', 'news.ticket'],
  },
]

const KEPT_UNDER = 'ykt.news'
const NEWEST = RELEASES.at(-1)?.id ?? ''

/** The releases since the one that was told of last; nothing for somebody who has never been here. */
export function unseen(seen: string | null, wasHere: boolean): Release[] {
  if (seen === null && !wasHere) return []
  return RELEASES.filter(({ id }) => id > (seen ?? ''))
}

export const seenUntil = (): string | null => localStorage.getItem(KEPT_UNDER)
export const noteSeen = (): void => localStorage.setItem(KEPT_UNDER, NEWEST)
