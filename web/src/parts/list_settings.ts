// How somebody wants a list: which columns, how dense, and filters that are saved under a name. Kept in this browser, per
// account and list.

export type Density = 'large' | 'middle' | 'small'
export const DENSITIES: Density[] = ['large', 'middle', 'small']

export interface View {
  name: string
  /** What filters the list, as the address writes it. */
  query: string
}

export interface Settings {
  /** Keys of columns that are not shown. */
  hidden: string[]
  density: Density
  views: View[]
}

export const FIRST: Settings = { hidden: [], density: 'middle', views: [] }
/** Most views of one list. */
export const MOST_VIEWS = 20

export const keyOf = (who: string, list: string) => `ykt.list/${who}/${list}`

const isText = (value: unknown): value is string => typeof value === 'string'
const isView = (value: unknown): value is View =>
  typeof value === 'object' && value !== null && isText((value as View).name) && isText((value as View).query)

/** Reads what was kept; anything strange counts as never chosen. */
export function read(text: string | null): Settings {
  try {
    const kept = JSON.parse(text ?? '{}') as Partial<Settings>
    return {
      hidden: Array.isArray(kept.hidden) ? kept.hidden.filter(isText) : [],
      density: DENSITIES.find((one) => one === kept.density) ?? FIRST.density,
      views: Array.isArray(kept.views) ? kept.views.filter(isView).slice(0, MOST_VIEWS) : [],
    }
  } catch {
    return FIRST
  }
}

/** The filters of an address that the list knows, in their order; the page of the list is none of them. */
export function queryOf(params: URLSearchParams, filters: string[]): string {
  const kept = new URLSearchParams()
  for (const key of filters) {
    const value = params.get(key)
    if (value) kept.set(key, value)
  }
  return kept.toString()
}

/** The address with the filters of a view instead of its own. */
export function applied(params: URLSearchParams, filters: string[], query: string): URLSearchParams {
  const next = new URLSearchParams(params)
  for (const key of ['cursor', ...filters]) next.delete(key)
  for (const [key, value] of new URLSearchParams(query)) if (filters.includes(key)) next.set(key, value)
  return next
}

/** With a view under this name; one that has it already is replaced. */
export function withView(views: View[], view: View): View[] {
  return [...views.filter(({ name }) => name !== view.name), view].slice(-MOST_VIEWS)
}

/** The columns that are shown: the first one always is, it says what a row is about. */
export function shownOf<Column extends { key: string }>(columns: Column[], hidden: string[]): Column[] {
  return columns.filter(({ key }, place) => place === 0 || !hidden.includes(key))
}

/** Where a key leads from one of so many rows; nothing for any other key. */
export function rowAfter(key: string, row: number, count: number): number | null {
  if (key === 'ArrowDown') return Math.min(count - 1, row + 1)
  if (key === 'ArrowUp') return Math.max(0, row - 1)
  if (key === 'Home') return 0
  return key === 'End' ? count - 1 : null
}
