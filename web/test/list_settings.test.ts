import { expect, test } from 'vitest'
import { applied, FIRST, MOST_VIEWS, queryOf, read, rowAfter, shownOf, withView } from '../src/parts/list_settings'

test('how a list is wanted comes back, and anything strange counts as never chosen', () => {
  const chosen = { hidden: ['owner'], density: 'small' as const, views: [{ name: '逾期', query: 'due=overdue' }] }
  expect(read(JSON.stringify(chosen))).toEqual(chosen)
  for (const text of [null, '', '{', '[]', '"x"', '{"hidden":3,"density":"wide","views":[1,{"name":"x"}]}']) expect(read(text), String(text)).toEqual(FIRST)
})

test('a view is the filters of the address and nothing else of it', () => {
  const filters = ['kind', 'due']
  const params = new URLSearchParams('tab=acted&due=overdue&cursor=abc&other=1&kind=')
  expect(queryOf(params, filters)).toBe('due=overdue')
  expect(applied(params, filters, 'kind=exit&cursor=x&tab=opened').toString()).toBe('tab=acted&other=1&kind=exit')
  expect(queryOf(new URLSearchParams('due=a&kind=b'), filters)).toBe(queryOf(new URLSearchParams('kind=b&due=a'), filters))
})

test('a view that is saved under the name of another takes its place, and there are so many at most', () => {
  const views = [{ name: 'a', query: 'x=1' }]
  expect(withView(views, { name: 'a', query: 'x=2' })).toEqual([{ name: 'a', query: 'x=2' }])
  const many = Array.from({ length: MOST_VIEWS }, (_, at) => ({ name: String(at), query: '' }))
  expect(withView(many, { name: 'new', query: '' })).toHaveLength(MOST_VIEWS)
})

test('the column that says what a row is about is always shown', () => {
  const columns = ['title', 'kind', 'owner'].map((key) => ({ key }))
  expect(shownOf(columns, ['title', 'owner']).map(({ key }) => key)).toEqual(['title', 'kind'])
})

test('arrows lead from row to row and stop at the ends', () => {
  expect(['ArrowDown', 'ArrowUp', 'Home', 'End', 'a'].map((key) => rowAfter(key, 2, 4))).toEqual([3, 1, 0, 3, null])
  expect([rowAfter('ArrowDown', 3, 4), rowAfter('ArrowUp', 0, 4)]).toEqual([3, 0])
})
