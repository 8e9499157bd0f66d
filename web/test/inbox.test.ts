import { expect, test } from 'vitest'
import { lastContact } from '../src/features/application/contacts'
import { placeBehind, placeOf, placeText } from '../src/features/statistic/months'
import { meant } from '../src/app/shortcuts'

test('the last contact is the account’s own, else its department’s, the newest of them', () => {
  const opinion = (contact: string, at: string, staff: string, org: string) => ({ opinion: { contact, phone: `0571-${contact}`, at, by: { staff, org } } })
  const bodies = [
    { test: { tasks: [opinion('甲', '2026-01-01T00:00:00Z', 'stf_1', 'org_1'), { opinion: null }] } },
    { first: { tasks: [opinion('乙', '2026-03-01T00:00:00Z', 'stf_2', 'org_1')] }, consultation: { tasks: [opinion('丙', '2026-04-01T00:00:00Z', 'stf_3', 'org_2')] } },
    { first: { tasks: [opinion('丁', '2026-02-01T00:00:00Z', 'stf_1', 'org_1')] } },
  ]
  expect(lastContact(bodies, 'stf_1', 'org_1')).toEqual({ contact: '丁', phone: '0571-丁' })
  expect(lastContact(bodies, 'stf_9', 'org_1')?.contact).toBe('乙')
  expect(lastContact(bodies, 'stf_9', 'org_9')).toBeNull()
  expect(lastContact([undefined, {}], 'stf_1', 'org_1')).toBeNull()
})

test('the figures go back from the newest month to the first, each to its end', () => {
  expect(placeOf(placeText({ month: '2026-10', cursor: '2026-10-01.chn_1' }))).toEqual({ month: '2026-10', cursor: '2026-10-01.chn_1' })
  expect(placeBehind('2026-10', 'more', '2026-01')).toBe('2026-10~more')
  expect(placeBehind('2026-01', null, '2025-12')).toBe('2025-12')
  expect(placeBehind('2025-12', null, '2025-12')).toBeNull()
})

test('a key means something only where nothing is written and no other key is held', () => {
  const pressed = { key: '?', isModified: false, isWriting: false, isLed: false }
  expect(meant(pressed)).toEqual({ act: 'help' })
  expect(meant({ ...pressed, isWriting: true })).toBeNull()
  expect(meant({ ...pressed, isModified: true })).toBeNull()
  expect(meant({ ...pressed, key: 'g' })).toEqual({ act: 'lead' })
  expect(meant({ ...pressed, key: 't', isLed: true })).toEqual({ act: 'go', path: '/inbox' })
  expect(meant({ ...pressed, key: 't' })).toBeNull()
})
