// The places of the forms that a reviewer may point at when an application is sent back, by the platform's pointers.

import type { Say } from '../matter/naming'
import { STEPS, SYSTEMS } from './marks'

/** The items of each form, in its order. */
export const ITEMS: Record<string, string[]> = {
  one: ['owner_name', 'uscc', 'unit', 'innovation', 'filled_on', 'parent_name', 'parent_number'],
  contact: ['name', 'phone', 'email'],
  channel: ['name', 'form', 'access_mode', 'users', 'business', 'regions', 'nationwide', 'breadth', 'services', 'test_keys'],
  two: [
    ...['registered_address', 'registered_on', 'registered_users', 'monthly_active', 'download', 'coverage', 'user_groups', 'standing'],
    ...['introduction', 'fit', 'expansion', 'committed_issuance', 'committed_usage', 'committed_monthly_active'],
  ],
  level_two: ['relation', 'source', 'brand', 'product', 'reuses', 'liveness', 'served', 'basics', 'management', 'capabilities', 'business'],
}

const within = (base: string, items: string) => (ITEMS[items] ?? []).map((field) => `${base}/${field}`)
const files = (purposes: string[]) => purposes.map((purpose) => `/files/${purpose}`)

interface Asked {
  isSocial: boolean
  isLevelTwo: boolean
  /** The services whose filled-in forms came with it. */
  formsOf: string[]
}

/** Of 附表1, with 附表2, the statement on a level-2 channel and the forms of services where they were asked for. */
export function placesOfTest({ isSocial, isLevelTwo, formsOf }: Asked): string[] {
  return [
    ...within('/forms/one', 'one').filter((pointer) => !pointer.includes('parent')),
    ...within('/forms/one/contact', 'contact'),
    ...within('/forms/channel', 'channel'),
    ...formsOf.map((code) => `/forms/channel/service_forms/${code}`),
    ...(isSocial ? within('/forms/two', 'two') : []),
    ...(isLevelTwo ? within('/forms/level_two', 'level_two') : []),
    ...files(['form_one_sealed', 'test_collection', ...(isSocial ? ['licence', 'entry_sketch'] : [])]),
  ]
}

/** Of 附表3. */
export const PLACES_OF_FORMAL = [
  '/form/filled_on',
  ...within('/form/contact', 'contact'),
  ...files(['recording_ios', 'recording_android', 'security_report']),
  ...SYSTEMS.flatMap((system) => STEPS.map((step) => `/form/marks/${system}/${step}`)),
  '/form/keys',
]

/** What people call a place; the pointer itself when it has no name. */
export function placeOf(say: Say, pointer: string, service: (code: string) => string = String): string {
  const [first = '', ...rest] = pointer.split('/').slice(1)
  if (rest[1] === 'service_forms') return `${say('service_form', 'form')} · ${service(rest[2] ?? '')}`
  if (first === 'files') return say('purpose', rest.at(-1) ?? '')
  if (rest[0] === 'marks') return `${say('system', rest[1] ?? '')} · ${say('step', rest[2] ?? '')}`
  const field = [first, ...rest].slice(-2).join('.')
  const word = say('application', field)
  return word === field ? pointer : word
}
