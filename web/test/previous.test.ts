import { expect, test } from 'vitest'
import { previousKey } from '../src/app/previous'
import { say } from '../src/i18n'
import { inLanguage } from '../src/i18n/pair'
import { words } from '../src/i18n/words'

const at = '2026-11-25T01:12:00Z'

test('whoever signs in is told when the account was signed in before, from where while that is kept, and what failed since', () => {
  const cases = [
    [{ signed_in_at: at, address: '10.0.0.7', failures: 2 }, '上次登录 AT（10.0.0.7），其间失败 2 次'],
    [{ signed_in_at: at, failures: 2 }, '上次登录 AT，其间失败 2 次'],
    [{ signed_in_at: at, address: '10.0.0.7', failures: 0 }, '上次登录 AT（10.0.0.7），其间没有失败'],
    [{ signed_in_at: at, failures: 0 }, '上次登录 AT，其间没有失败'],
    [{ failures: 3 }, '没有更早的登录记录；此前失败 3 次'],
    [{ failures: 0 }, '没有更早的登录记录'],
  ] as const
  for (const [previous, text] of cases) {
    const address = 'address' in previous ? previous.address : ''
    expect(say(inLanguage(words, 'zh-CN'), previousKey(previous), { at: 'AT', address, n: previous.failures })).toBe(text)
  }
})
