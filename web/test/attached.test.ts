// CH-F1.12: which filled-in forms an application carries.

import { expect, test } from 'vitest'
import { brought, withForm } from '../src/features/application/attached'
import { placeOf, placesOfTest } from '../src/features/application/places'
import { isFilledForm, isOfService, purposeOf } from '../src/features/service_form/purpose'

const service = (code: string, form: boolean, standard = false) => ({ code, standard, form: form ? { number: 1 } : undefined }) as never
const CATALOGUE = [service('login.scan', true), service('query.talent', true), service('query.training', false), service('pay.code', true, true)]
const codes = (asked: Parameters<typeof withForm>[0]) => withForm(asked, CATALOGUE).map((one) => one.code)

test('a form is asked of what is chosen, is new and has one', () => {
  expect(codes({ services: ['query.talent', 'login.scan', 'query.training'] })).toEqual(['login.scan', 'query.talent'])
  expect(codes({ services: ['login.scan', 'query.talent'], had: ['login.scan'] })).toEqual(['query.talent'])
  expect(codes({ services: ['pay.code'] })).toEqual([])
  expect(codes({ services: ['login.scan'], source: 'level_one' })).toEqual([])
  expect(codes({ services: ['login.scan'], source: 'own' })).toEqual(['login.scan'])
  expect(codes({})).toEqual([])
})

test('what is not asked for any more is left behind', () => {
  const given = { 'login.scan': 'att_1', 'query.talent': 'att_2', 'query.training': undefined }
  expect(brought(given, { services: ['login.scan', 'query.training'] })).toEqual({ 'login.scan': 'att_1' })
  expect(brought(given, { services: ['login.scan', 'query.talent'], had: ['login.scan'] })).toEqual({ 'query.talent': 'att_2' })
  expect(brought(undefined, { services: ['login.scan'] })).toEqual({})
})

test('a reviewer points at the form of a service by its name', () => {
  const places = placesOfTest({ isSocial: false, isLevelTwo: false, formsOf: ['login.scan'] })
  expect(places).toContain('/forms/channel/service_forms/login.scan')
  const said = placeOf((_, value) => (value === 'form' ? '申请表' : value), '/forms/channel/service_forms/login.scan', () => '扫码登录')
  expect(said).toBe('申请表 · 扫码登录')
})

test('a filled-in form is known by what it was sent for', () => {
  expect(purposeOf('query.social_insurance')).toBe('service_form_query_social_insurance')
  expect(purposeOf('query.social_insurance').length).toBeLessThanOrEqual(40)
  expect(isFilledForm(purposeOf('login.scan')) && isOfService(purposeOf('login.scan'), 'login.scan')).toBe(true)
  expect(isFilledForm('licence') || isOfService(purposeOf('login.scan'), 'query.talent')).toBe(false)
})
