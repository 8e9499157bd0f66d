// What a matter waits for is answered by an action that its rules have, so that the page can offer it first.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { answersTo, isForColleague, nextActions } from '../src/features/matter/answers'
import type { Matter, Wait } from '../src/features/matter/wire'
import type { Action } from '../src/parts/action_bar'
import { mainOf } from '../src/parts/main_action'

const DOMAIN = new URL('../../crates/domain/src/', import.meta.url)
const kinds = readdirSync(DOMAIN).filter((kind) => existsSync(new URL(`${kind}/workflow.txt`, DOMAIN)))

function sourceOf(kind: string): string {
  const folder = new URL(`${kind}/`, DOMAIN)
  const inner = readdirSync(folder).filter((file) => file.endsWith('.rs') && file !== 'tests.rs')
  return [new URL(`${kind}.rs`, DOMAIN), ...inner.map((file) => new URL(file, folder))].map((file) => readFileSync(file, 'utf8')).join('\n')
}

/** Answered by figures, by another matter, or from the register of the channel. */
const ELSEWHERE = ['application.agreement', 'application.offer_agreement', 'monitoring.improve', 'security_report.renew', 'risk_event.force_exit']

test.each(kinds)('every task that %s waits for from people is answered by an action of it', (kind) => {
  const workflow = readFileSync(new URL(`${kind}/workflow.txt`, DOMAIN), 'utf8')
  const actions = [...workflow.matchAll(/--(\w+?)--?>/g)].map(([, action]) => action)
  const waits = [...sourceOf(kind).matchAll(/Party::(\w+), (?:correct\()?"([a-z]\w*)"/g)]
  const tasks = waits.flatMap(([, party, task = '']) => (party === 'Platform' ? [] : [task]))
  expect(actions.length).toBeGreaterThan(0)
  const unanswered = tasks.filter((task) => !answersTo(kind, task).some((action) => actions.includes(action)))
  expect(unanswered.filter((task) => !ELSEWHERE.includes(`${kind}.${task}`))).toEqual([])
})

const wait = (party: string, task: string, division?: string): Wait => ({ party, task, division, since: '', is_provisional: false })
const may = (...actions: string[]): Matter['actions'] => actions.map((action) => ({ action, label_zh: action, label_en: action, clause: '', needs: [] }))
const clerk = { party: 'operator', division: '000000' }

test('what is waited for stands out, whatever the platform lists first', () => {
  const event = { kind: 'risk_event', waits: [wait('operator', 'grade')], actions: may('contain', 'propose', 'escalate') }
  expect(nextActions(event, clerk)).toEqual(['propose'])
  expect(nextActions(event, { party: 'ministry', division: '000000' })).toEqual([])
})

test('a department is asked about its own region only', () => {
  const filed = { kind: 'application', waits: [wait('prefecture', 'review', '330100')], actions: may('approve', 'refuse') }
  expect(nextActions(filed, { party: 'prefecture', division: '330100' })).toEqual(['approve'])
  expect(nextActions(filed, { party: 'prefecture', division: '320100' })).toEqual([])
})

test('whoever proposed a grade is told that a colleague confirms it', () => {
  const proposed = { kind: 'risk_event', waits: [wait('operator', 'confirm')] }
  expect(isForColleague({ ...proposed, actions: may('record_cause') }, clerk)).toBe(true)
  expect(isForColleague({ ...proposed, actions: may('confirm', 'reject') }, clerk)).toBe(false)
  expect(isForColleague({ ...proposed, actions: [] }, { party: 'owner', division: '330100' })).toBe(false)
})

test('nothing stands out where nobody waits for it, and nothing dangerous ever does', () => {
  const action = (name: string, about: Partial<Action> = {}): Action => ({ action: name, label: name, needs: [], ...about })
  expect(mainOf([action('escalate', { isNext: false })])).toBeUndefined()
  expect(mainOf([action('contain', { isNext: false }), action('propose', { isNext: true })])?.action).toBe('propose')
  expect(mainOf([action('close', { isNext: true, isDangerous: true })])).toBeUndefined()
  expect(mainOf([action('resume'), action('terminate', { isDangerous: true })])?.action).toBe('resume')
})
