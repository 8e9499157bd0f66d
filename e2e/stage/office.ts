// Organisations and accounts that the demonstration's scene does not have, made through the API as its administrators
// would.

import { randomBytes } from 'node:crypto'
import { Person } from './browser'
import { accountOf, origin } from './server'

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

/** The organisation that owns the demonstration's channel. */
export async function ownerOfChannel(): Promise<string> {
  const token = await tokenOfRole('operator_admin')
  const [channel] = (await call<{ data: { owner_id: string }[] }>(token, 'GET', '/channels')).data
  if (!channel) throw new Error('the scene has no channel')
  return channel.owner_id
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
