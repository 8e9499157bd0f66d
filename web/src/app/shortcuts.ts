// The keys of the portals: which there are, and what a key that was pressed means.

import type { Key } from '../i18n'

/** Two keys one after another that lead to a page. */
export const PLACES: Record<string, { path: string; label: Key }> = {
  h: { path: '/', label: 'keys.go_overview' },
  t: { path: '/inbox', label: 'keys.go_inbox' },
  m: { path: '/matters', label: 'keys.go_matters' },
  n: { path: '/messages', label: 'keys.go_messages' },
  c: { path: '/channels', label: 'keys.go_channels' },
}

/** What is there whether the keys of our own are in use or not. */
export const ALWAYS: { keys: string[]; label: Key }[] = [
  { keys: ['Tab', 'Shift + Tab'], label: 'keys.tab' },
  { keys: ['Enter'], label: 'keys.enter' },
  { keys: ['Esc'], label: 'keys.escape' },
  { keys: ['←', '→', '↑', '↓'], label: 'keys.arrows' },
]

export type Meant = { act: 'help' } | { act: 'search' } | { act: 'go'; path: string } | { act: 'lead' } | null

interface Pressed {
  key: string
  /** With Ctrl, Alt or Meta it is somebody else's. */
  isModified: boolean
  /** Where something is being written, letters are letters. */
  isWriting: boolean
  /** `g` was pressed just before. */
  isLed: boolean
}

export function meant({ key, isModified, isWriting, isLed }: Pressed): Meant {
  if (isModified || isWriting) return null
  if (isLed) {
    const place = PLACES[key]
    return place ? { act: 'go', path: place.path } : null
  }
  if (key === '?' || key === '？') return { act: 'help' }
  if (key === '/') return { act: 'search' }
  return key === 'g' ? { act: 'lead' } : null
}
