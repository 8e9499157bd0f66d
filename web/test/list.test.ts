import { expect, test } from 'vitest'
import { type Fetch, walk } from '../src/parts/walk'

/** A list of the numbers from 0, as the platform pages them. */
function numbers(count: number, asked: number[] = []): Fetch<number> {
  return async ({ limit, cursor }) => {
    asked.push(limit)
    const from = Number(cursor ?? 0)
    const data = Array.from({ length: Math.min(limit, count - from) }, (_, index) => from + index)
    const end = from + data.length
    return { data, has_more: end < count, next_cursor: end < count ? String(end) : null }
  }
}

const odd = { key: 'parity', admits: (row: number, value: string) => value !== 'odd' || row % 2 === 1 }

test('without filters one page is one question', async () => {
  const asked: number[] = []
  const walked = await walk({ fetch: numbers(120, asked), filters: [odd], values: {} }, { from: undefined, want: 50 })
  expect([walked.rows.length, walked.next, asked]).toEqual([50, '50', [50]])
})

test('a filter of ours reads on until there are enough rows, and loses none between two pages', async () => {
  const plan = { fetch: numbers(1000), filters: [odd], values: { parity: 'odd' } }
  const rows: number[] = []
  let next: string | undefined
  do {
    const walked = await walk(plan, { from: next, want: 50 })
    rows.push(...walked.rows)
    next = walked.next
  } while (next !== undefined)
  expect(rows).toEqual(Array.from({ length: 500 }, (_, index) => 2 * index + 1))
})

test('a search that finds little stops at the limit and says so', async () => {
  const none = { key: 'none', admits: () => false }
  const walked = await walk({ fetch: numbers(100_000), filters: [none], values: { none: 'x' } }, { from: undefined, want: 50 })
  expect([walked.rows.length, walked.seen, walked.isPartial]).toEqual([0, 5000, true])
})
