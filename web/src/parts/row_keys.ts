// Moving among the rows of a list by keyboard: one row can be reached by Tab, the arrows lead on from it, Enter opens what the
// row is about.

import { type HTMLAttributes, type KeyboardEvent, useState } from 'react'
import { rowAfter } from './list_settings'

type Row = HTMLAttributes<HTMLElement>

export function useRowKeys(count: number): { onRow: (row: unknown, place?: number) => Row } {
  const [active, setActive] = useState(0)
  const reached = Math.min(active, Math.max(0, count - 1))
  const press = (place: number) => (event: KeyboardEvent<HTMLElement>) => {
    // What stands in a row has keys of its own.
    if (event.target !== event.currentTarget || event.ctrlKey || event.altKey || event.metaKey) return
    if (event.key === 'Enter') {
      event.currentTarget.querySelector<HTMLElement>('a[href], .cell-link')?.click()
      return
    }
    const next = rowAfter(event.key, place, count)
    if (next === null) return
    event.preventDefault()
    setActive(next)
    const rows = event.currentTarget.parentElement?.querySelectorAll<HTMLElement>('tr.ant-table-row')
    rows?.[next]?.focus()
  }
  return {
    onRow: (_, place = 0) => ({
      tabIndex: place === reached ? 0 : -1,
      onFocus: () => setActive(place),
      onKeyDown: press(place),
    }),
  }
}
