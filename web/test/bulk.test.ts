import { expect, test } from 'vitest'
import { isUnread, remindableOf } from '../src/features/matter/many'
import { each, type Outcome, some } from '../src/parts/bulk'

test('each has an outcome of its own, and no more than some are under way at once', async () => {
  let running = 0
  let most = 0
  const outcomes = new Map<number, Outcome>()
  const work = async (row: number) => {
    running += 1
    most = Math.max(most, running)
    await Promise.resolve()
    running -= 1
    if (row % 3 === 0) throw new Error(`no ${row}`)
    return row === 1 ? 'noted' : undefined
  }
  await each([1, 2, 3, 4, 5, 6], work, (place, outcome) => outcomes.set(place, outcome), 2)
  expect(most).toBe(2)
  expect([...outcomes].toSorted(([one], [other]) => one - other).map(([, outcome]) => outcome.state)).toEqual(['done', 'done', 'refused', 'done', 'done', 'refused'])
  expect(outcomes.get(0)).toEqual({ state: 'done', note: 'noted' })
  expect(outcomes.get(2)).toEqual({ state: 'refused', error: new Error('no 3') })
  await each([], work, () => expect.unreachable())
})

test('what is done for several is refused when it is refused for all', async () => {
  const fine = async () => undefined
  const wrong = async () => Promise.reject(new Error('reminded today'))
  expect(await some([fine, wrong, fine])).toEqual({ done: 2, all: 3, refused: new Error('reminded today') })
  expect(await some([fine, fine])).toEqual({ done: 2, all: 2 })
  await expect(some([wrong, wrong])).rejects.toThrow('reminded today')
})

test('what was done in part is told as that, with what was refused', async () => {
  const outcomes: Outcome[] = []
  const refused = new Error('reminded today')
  await each([1], async () => ({ note: '1 of 2', refused }), (_, outcome) => outcomes.push(outcome))
  expect(outcomes).toEqual([{ state: 'partly', note: '1 of 2', error: refused }])
})

test('reminded is whom the platform lets one remind today, once each', () => {
  const wait = (party: string, division?: string, may_remind: boolean | undefined = true) => ({ party, division, task: 'reply', since: '', is_provisional: false, may_remind })
  const waits = [wait('province', '330000'), wait('province', '310000', false), wait('province', '330000'), wait('platform', undefined, false), wait('owner'), { ...wait('ministry'), may_remind: undefined }]
  expect(remindableOf(waits).map((one) => `${one.party} ${one.division ?? ''}`)).toEqual(['province 330000', 'owner '])
  expect(remindableOf([wait('owner', undefined, false)])).toEqual([])
})

test('a notice is acknowledged while its channel has not read it', () => {
  const waits = (task: string) => [{ party: 'owner', task, since: '', is_provisional: false }]
  expect([isUnread({ kind: 'notice', waits: waits('acknowledge') }), isUnread({ kind: 'notice', waits: waits('upgrade') }), isUnread({ kind: 'maintenance', waits: waits('acknowledge') })]).toEqual([true, false, false])
})
