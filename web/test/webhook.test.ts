// What an endpoint can be told is what the rules list.

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { EVENTS } from '../src/features/webhook/events'
import { words } from '../src/i18n/words'

const rules = readFileSync(new URL('../../crates/domain/src/webhook.rs', import.meta.url), 'utf8')
const table = /^ {4}EventType \{\n([\s\S]*?)\n {4}\}/m.exec(rules)?.[1] ?? ''
const types = [...table.matchAll(/= "([\w.]+)"/g)].map(([, type = '']) => type)

test('every type of the rules but those of the endpoints themselves can be chosen, and every one has a word', () => {
  expect(types.filter((type) => !type.startsWith('webhook.'))).toEqual([...EVENTS])
  expect(types.filter((type) => !(`event.${type}` in words))).toEqual([])
})
