import { expect, test } from 'vitest'
import { handsOf, inHands, wantsReason } from '../src/features/matter/hands'

const by = (staff_id?: string) => ({ assignee: staff_id ? { staff_id, login: staff_id } : undefined })

test('what waits is in one’s own hands, in a colleague’s, or in nobody’s', () => {
  expect([by('me'), by('other'), by()].map((one) => handsOf(one, 'me'))).toEqual(['mine', 'others', 'unclaimed'])
  expect(inHands([by('me'), by(), by(), by('other')], 'me')).toEqual({ mine: 1, unclaimed: 2, others: 1 })
})

test('taking what nobody has and laying down one’s own need no reason, everything else does', () => {
  expect(wantsReason(undefined, 'me', 'me')).toBe(false)
  expect(wantsReason('me', undefined, 'me')).toBe(false)
  expect([['me', 'other'], ['other', 'me'], ['other', undefined], [undefined, 'other']].map(([from, to]) => wantsReason(from, to, 'me'))).toEqual([true, true, true, true])
})
