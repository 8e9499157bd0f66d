// Periods and durations in words, and a word for everything that is done.

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { every, lasted } from '../src/features/job/span'
import { words } from '../src/i18n/words'

const SERVER = new URL('../../crates/server/src/', import.meta.url)
const source = (path: string) => readFileSync(new URL(path, SERVER), 'utf8')

test('a period is told in seconds below a minute and in minutes from there on', () => {
  expect([250, 1000, 59_000, 60_000].map((ms) => every(ms, 'zh'))).toEqual(['0.25 秒', '1 秒', '59 秒', '1 分钟'])
  expect(every(60_000, 'en')).toBe('1 min')
})

test('a duration is told as short as it can be', () => {
  expect([undefined, 0, 999, 1000, 12_400, 9_999_000, 10_000_000].map(lasted)).toEqual(['—', '< 1 ms', '< 1 ms', '1 ms', '12 ms', '9999 ms', '10 s'])
})

test('every duty of a server has a word', () => {
  const serve = source('serve.rs')
  const named = [...serve.matchAll(/_TICK,\s*"(\w+)"/g), ...serve.matchAll(/take_up\("(\w+)"/g)].map(([, name = '']) => name)
  expect(named.length).toBeGreaterThan(8)
  expect(named.filter((name) => !(`duty.${name}` in words))).toEqual([])
})

test('every kind of job has a word', () => {
  const text = ['payment/outcome.rs', 'payment/refund.rs', 'payment/service.rs', 'channel/testing.rs', 'webhook/service.rs'].map(source).join('\n')
  const kinds = [...text.matchAll(/const (?:KIND|DELIVER|QUERY|REFUND|DEBIT|EXPIRE): &str = "(\w+\.\w+)"/g)].map(([, kind = '']) => kind)
  expect(kinds.length).toBeGreaterThan(4)
  expect(kinds.filter((kind) => !(`job_kind.${kind}` in words))).toEqual([])
})
