// Reading a list page by page until enough rows stay.

export type Cursor = string | undefined
export type Values = Record<string, string>

export interface PageOf<Row> {
  data: Row[]
  has_more: boolean
  next_cursor?: string | null
}

/** Asks for a page of at most `limit` rows, with the filters that the platform knows. */
export type Fetch<Row> = (asked: { limit: number; cursor: Cursor; values: Values }) => Promise<PageOf<Row>>

export interface Plan<Row> {
  fetch: Fetch<Row>
  filters: { key: string; admits?: (row: Row, value: string, values: Values) => boolean }[]
  values: Values
}

export interface Walked<Row> {
  rows: Row[]
  /** Where the next page begins; absent at the end. */
  next: Cursor
  /** Rows looked through. */
  seen: number
  /** It stopped at the limit before it had as many rows as were wanted. */
  isPartial: boolean
}

/** Most rows looked through for one page. */
const MOST_SEEN = 5000
/** The platform's largest page. */
const LARGEST = 200

interface Range {
  from: Cursor
  want: number
  signal?: AbortSignal
}

/** At least `want` rows that all filters admit, if there are so many within reach; whole pages, so none is cut off. */
export async function walk<Row>(plan: Plan<Row>, { from, want, signal }: Range): Promise<Walked<Row>> {
  const ours = plan.filters.filter((filter) => filter.admits && plan.values[filter.key])
  const admits = (row: Row) => ours.every((filter) => filter.admits?.(row, plan.values[filter.key] ?? '', plan.values))
  const limit = ours.length > 0 ? LARGEST : Math.min(want, LARGEST)
  const rows: Row[] = []
  let next: Cursor = from
  let seen = 0
  do {
    signal?.throwIfAborted()
    const page: PageOf<Row> = await plan.fetch({ limit, cursor: next, values: plan.values })
    rows.push(...page.data.filter(admits))
    seen += page.data.length
    next = page.has_more ? (page.next_cursor ?? undefined) : undefined
  } while (next !== undefined && rows.length < want && seen < MOST_SEEN)
  return { rows, next, seen, isPartial: next !== undefined && rows.length < want }
}
