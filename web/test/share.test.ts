import { expect, test } from 'vitest'
import { byShare, percent } from '../src/features/statistic/share'

test('a share is told in percent, and none is none', () => {
  expect(percent(499)).toBe(4.99)
  expect(percent(0)).toBe(0)
  expect(percent(null)).toBeNull()
  expect(percent(undefined)).toBeNull()
})

test('the largest share comes first and nobody to have one last', () => {
  const areas = [{ division: 'a' }, { division: 'b', basis_points: 0 }, { division: 'c', basis_points: 2500 }]
  expect(byShare(areas).map((one) => one.division)).toEqual(['c', 'b', 'a'])
  expect(areas[0]?.division).toBe('a')
})
