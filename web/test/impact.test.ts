import { expect, test } from 'vitest'
import { alike, isForGood, queryOf } from '../src/features/channel/step'
import { words } from '../src/i18n/words'
import { stepOf } from '../src/features/matter/steps'

test('a step is asked about as the platform reads it', () => {
  expect(queryOf({ withheld: { services: ['pay.code', 'query.card'] }, matter_id: 'mat_1' })).toEqual({
    withheld: 'services',
    services: 'pay.code,query.card',
    matter_id: 'mat_1',
  })
  expect(queryOf({ ends: true })).toEqual({ ends: true, withheld: undefined })
})

test('what is foreseen of a risk event is what its action decides', () => {
  expect(stepOf('contain', {}, { withheld: 'new_holders' })).toEqual({ withheld: 'new_holders' })
  expect(stepOf('contain', {}, {})).toBeUndefined()
  expect(stepOf('contain', {}, { withheld: { services: [] } })).toBeUndefined()
  expect(stepOf('contain', {}, { withheld: { services: ['pay.code'] } })).toEqual({ withheld: { services: ['pay.code'] } })
  expect(stepOf('propose', {}, { cause: 'page_tampering', withheld: { services: [] } })).toBeUndefined()
  expect(stepOf('propose', {}, { cause: 'ordinary_leak' })).toEqual({ cause: 'ordinary_leak', withheld: undefined })
  expect(stepOf('propose', {}, { withheld: 'all' })).toBeUndefined()
  const body = { proposal: { finding: { cause: 'page_tampering', withheld: 'new_holders' as const } } }
  expect(stepOf('confirm', body, {})).toEqual({ cause: 'page_tampering', withheld: 'new_holders' })
  expect(stepOf('confirm', { proposal: { finding: null } }, {})).toBeUndefined()
  expect(stepOf('record_cause', body, {})).toBeUndefined()
})

test('services of which the same stops are said together', () => {
  const stops = [
    { service: 'ecard.issue', uses: ['issue'] },
    { service: 'pay.code', uses: ['open_application', 'serve'] },
    { service: 'query.card', uses: ['open_application', 'serve'] },
  ]
  expect(alike(stops)).toEqual([
    { uses: ['issue'], services: ['ecard.issue'] },
    { uses: ['open_application', 'serve'], services: ['pay.code', 'query.card'] },
  ])
})

test('what is ended, or graded so that it ends, is not said to be resumed', () => {
  expect([{ ends: true }, { cause: 'data_retained' }, { cause: 'law_broken', withheld: 'all' as const }].map(isForGood)).toEqual([true, true, true])
  expect([{}, { withheld: 'all' as const }, { cause: 'ordinary_leak' }, { cause: 'page_tampering' }].map(isForGood)).toEqual([false, false, false, false])
  expect(words['impact.for_good'][0]).not.toContain('直至恢复')
  expect(words['impact.for_good'][1]).not.toContain('until')
})
