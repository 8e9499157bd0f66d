// The menu: which pages there are, and the operation that a role must hold to see one.

import type { Key } from '../i18n'

export interface Item {
  /** Below `/portal/`. */
  path: string
  label: Key
  /** Any one of these is enough; none means that everybody who is signed in may. */
  needs: string[]
  /** Which count stands beside it. */
  badge?: 'waiting'
}

export interface Section {
  label: Key
  items: Item[]
}

export const MENU: Section[] = [
  {
    label: 'nav.work',
    items: [{ path: '', label: 'nav.overview', needs: [] }],
  },
]

export function mayOpen(item: Item, holds: (operation: string) => boolean): boolean {
  return item.needs.length === 0 || item.needs.some(holds)
}
