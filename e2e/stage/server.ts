// The server of one file of journeys, on a copy of the country: what one journey does to its time, its accounts and its
// channels meets no other, in whatever order they run.

import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, inject } from 'vitest'
import { type Running, serve } from './country'

export interface Account {
  login: string
  role: string
  password: string
}

let server: Running | undefined
let folder = ''
let accounts: Account[] = []
let residents: Account[] = []

/** Where the server is. */
export function origin(): string {
  if (!server) throw new Error('the server has not started')
  return server.origin
}

/** The file that the demonstration keeps: its accounts and the keys of its channel. */
export function sceneFile(): string {
  return join(folder, 'data', 'demo.json')
}

/** The account that the demonstration has of a role. */
export function accountOf(role: string): Account {
  const account = accounts.find((one) => one.role === role)
  if (!account) throw new Error(`the scene has no ${role}`)
  return account
}

/** The account of somebody who plays a part in the country. */
export function accountNamed(login: string): Account {
  const account = residents.find((one) => one.login === login)
  if (!account) throw new Error(`the country has no ${login}`)
  return account
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ykt-journey-'))
  const data = join(folder, 'data')
  cpSync(inject('country'), data, { recursive: true })
  server = await serve(data)
  const scene = JSON.parse(readFileSync(sceneFile(), 'utf8')) as { accounts: Account[]; country: { accounts: Account[] } }
  accounts = scene.accounts
  residents = scene.country.accounts
})

afterAll(async () => {
  await server?.end()
  rmSync(folder, { recursive: true })
})
