import { expect, test } from 'vitest'
import { endOf } from '../src/api/ended'
import { networksOf, ofList } from '../src/features/org/networks'

test('networks are read from lines, commas and spaces, and nothing is none', () => {
  expect(networksOf(' 10.0.0.0/8\n\n192.0.2.0/24，2001:db8::/32, ::1 ')).toEqual(['10.0.0.0/8', '192.0.2.0/24', '2001:db8::/32', '::1'])
  expect(networksOf(' \n')).toEqual([])
})

test('what is said of single networks is said of the list, each with its network; what is said of others stays', () => {
  const wrong = (pointer: string, message: string) => ({ pointer, code: 'x', message })
  const errors = [wrong('/networks/1', '主机位须为零'), wrong('/concurrency', '未知'), wrong('/networks/2', '须为网段')]
  expect(ofList(errors, ['10.0.0.0/8', '10.0.0.1/8', 'x'])).toEqual([wrong('/concurrency', '未知'), wrong('/networks', '10.0.0.1/8：主机位须为零；x：须为网段')])
  expect(ofList([wrong('/networks', '最多50个网段')], [])).toEqual([wrong('/networks', '最多50个网段')])
  expect(ofList([wrong('/concurrency', '未知')], [])).toEqual([wrong('/concurrency', '未知')])
})

test('a sign-in that was ended by another one is told in the platform’s words, one that lapsed in the page’s, and what is refused is no end', () => {
  const title = '本账户已于2026-11-26 17:20在别处登录'
  expect(endOf({ code: 'staff.unauthenticated', title: '未登录' })).toEqual({})
  expect(endOf({ code: 'sign_in_rule.elsewhere', title })).toEqual({ words: title })
  expect(endOf({ code: 'sign_in_rule.address', title: '不允许' })).toBeNull()
})
