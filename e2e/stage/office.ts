// Organisations and accounts that the demonstration's scene does not have, made through the API as its administrators
// would.

import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'vitest'
import { Person } from './browser'
import { PROGRAM } from './country'
import { accountOf, origin, sceneFile } from './server'

export interface NewOrg {
  name: string
  kind: string
  division: string
  uscc?: string
}

const PASSWORD = 'a long new passphrase'

async function call<T>(token: string | null, method: string, path: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = { 'content-type': 'application/json' }
  if (token) headers.authorization = `Bearer ${token}`
  const reply = await fetch(`${origin()}/sandbox/api/v1${path}`, { method, headers, body: JSON.stringify(body) })
  const text = await reply.text()
  if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text}`)
  return (text ? JSON.parse(text) : undefined) as T
}

async function tokenOf(login: string, password: string): Promise<string> {
  return (await call<{ token: string }>(null, 'POST', '/staff/sessions', { login, password })).token
}

async function tokenOfRole(role: string): Promise<string> {
  const account = accountOf(role)
  return tokenOf(account.login, account.password)
}

/** Registers an organisation. */
export async function found(org: NewOrg): Promise<string> {
  const token = await tokenOfRole('operator_admin')
  return (await call<{ org_id: string }>(token, 'POST', '/orgs', org)).org_id
}

export interface Channel {
  channel_id: string
  number: string
  name: string
  owner_id: string
  phase: string
  created_at: string
}

/** A channel of the country by its name; without one, the demonstration's, whose keys are in the scene's file. */
export async function channelNamed(name = '演示渠道'): Promise<Channel> {
  const token = await tokenOfRole('operator_admin')
  const { data } = await call<{ data: Channel[] }>(token, 'GET', '/channels?limit=200')
  const channel = data.find((one) => one.name === name)
  if (!channel) throw new Error(`no channel is called ${name}`)
  return channel
}

/** Registers a channel in the sandbox's short way: live at once, without history. */
export async function register(name: string, owner: { name: string; uscc: string }, region: string): Promise<Channel> {
  const token = await tokenOfRole('operator_admin')
  const shape = { class: 'bank', level: 1, form: 'app', access_mode: 'sdk', services: ['ecard.issue', 'query.card'], keys: [] }
  return call<Channel>(token, 'POST', '/channels', { name, owner, regions: [region], ...shape })
}

/** Registers another key of a channel to sign with, in the sandbox's short way. */
export async function addKey({ channel_id }: Channel): Promise<void> {
  const prefix = join(mkdtempSync(join(tmpdir(), 'ykt-key-')), 'channel')
  await promisify(execFile)(PROGRAM, ['key', 'generate', prefix])
  const public_key = readFileSync(`${prefix}.pub`, 'utf8').trim()
  await call(await tokenOfRole('security_admin'), 'POST', `/channels/${channel_id}/keys`, { usage: 'sign', public_key })
}

/** The organisation that owns the demonstration's channel. */
export async function ownerOfChannel(): Promise<string> {
  return (await channelNamed()).owner_id
}

/** The organisation of a kind that is responsible for a division. */
export async function orgOf(kind: string, division: string): Promise<string> {
  const token = await tokenOfRole('operator_admin')
  const { data } = await call<{ data: (NewOrg & { org_id: string })[] }>(token, 'GET', '/orgs?limit=200')
  const org = data.find((one) => one.kind === kind && one.division === division)
  if (!org) throw new Error(`the country has no ${kind} of ${division}`)
  return org.org_id
}

/** The matters of a kind about a channel, newest first. */
export async function mattersOf(kind: string, channel: Channel): Promise<{ matter_id: string; state: string }[]> {
  const token = await tokenOfRole('operator_admin')
  const found = await call<{ data: { matter_id: string; state: string }[] }>(
    token,
    'GET',
    `/matters?kind=${kind}&channel_id=${channel.channel_id}`,
  )
  return found.data
}

/** Waits until the newest matter of a kind about a channel is in a state: the platform does some things in its own time. */
export async function reached(kind: string, channel: Channel, state: string): Promise<string> {
  await expect.poll(async () => (await mattersOf(kind, channel))[0]?.state, { timeout: 30_000, interval: 250 }).toBe(state)
  return (await mattersOf(kind, channel))[0]?.matter_id ?? ''
}

/** Somebody with a role in an organisation, signed in at a browser. */
export async function hire(org_id: string, role: string): Promise<Person> {
  const login = `${role.replaceAll('_', '-')}-${randomBytes(3).toString('hex')}`
  const security = await tokenOfRole('security_admin')
  const made = await call<{ one_time_password: string }>(security, 'POST', '/staff', { org_id, login, role })
  const token = await tokenOf(login, made.one_time_password)
  await call(token, 'POST', '/staff/password', { current_password: made.one_time_password, new_password: PASSWORD })
  const person = await Person.arrive()
  await person.signIn(login, PASSWORD)
  return person
}

/** Lets so many holders claim an e-card in the demonstration's channel and use it, `after` those who came before. */
export async function crowd(holders: number, after = 0): Promise<void> {
  const where = ['--server', `${origin()}/sandbox`, '--scene', sceneFile()]
  await promisify(execFile)(PROGRAM, ['crowd', ...where, '--holders', String(holders), '--after', String(after)])
}

/** Figures of the month that runs, as if so many holders had come to a channel. */
export async function rehearse(channel: Channel, division: string, figures: { issued: number; active_users: number }): Promise<void> {
  const token = await tokenOfRole('operator_admin')
  const month = (await today()).slice(0, 7)
  const one = { channel_id: channel.channel_id, division, month, uses: figures.active_users * 2, ...figures }
  await call(token, 'POST', '/statistics/rehearsals', { figures: [one] })
}

/** The moment that the sandbox's clock shows. */
export async function now(): Promise<Date> {
  return new Date((await call<{ now: string }>(null, 'GET', '/clock')).now)
}

const SHANGHAI_MS = 8 * 3_600_000

/** The day on the sandbox's clock, or that many months and days later; a month without that day ends earlier. */
export async function today(months = 0, days = 0): Promise<string> {
  const at = new Date((await now()).getTime() + SHANGHAI_MS)
  const last = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months + 1, 0)).getUTCDate()
  const day = Math.min(at.getUTCDate(), last) + days
  return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months, day)).toISOString().slice(0, 10)
}

/** The first day of a month so many months from the one that the clock shows. */
export async function firstDay(months: number): Promise<string> {
  return `${(await today(months)).slice(0, 7)}-01`
}

/** Moves the sandbox's clock to nine in the morning of a day to come. */
export async function goTo(day: string): Promise<void> {
  const token = await tokenOfRole('operator_admin')
  const morning = Date.parse(`${day}T09:00:00+08:00`)
  const seconds = Math.ceil((morning - (await now()).getTime()) / 1000)
  if (seconds > 0) await call(token, 'POST', '/clock/advance', { seconds })
}
