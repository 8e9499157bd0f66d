// A server with the demonstration's data on a folder of its own, for as long as the journeys run.

import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    origin: string
    accounts: Account[]
  }
}

export interface Account {
  login: string
  role: string
  password: string
}

const PROGRAM = process.env.YKT_PROGRAM ?? fileURLToPath(new URL('../../target/debug/ykt', import.meta.url))

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} does not exist: build it, or name another one in YKT_PROGRAM`)
  const folder = mkdtempSync(join(tmpdir(), 'ykt-journeys-'))
  const data = join(folder, 'data')
  const server = spawn(PROGRAM, ['serve', '--demo', '--data', data, '--listen', '127.0.0.1:0', '--log', 'warn'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()))
  const ready = async () => {
    for await (const line of createInterface({ input: server.stdout })) {
      if (line.startsWith('ready at ')) return line.slice('ready at '.length)
    }
    throw new Error('the server ended before it was ready')
  }
  project.provide('origin', await ready())
  const scene = JSON.parse(readFileSync(join(data, 'demo.json'), 'utf8')) as { accounts: Account[] }
  project.provide('accounts', scene.accounts)
  return async () => {
    server.kill('SIGTERM')
    await ended
    rmSync(folder, { recursive: true })
  }
}
