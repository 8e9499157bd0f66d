// The demonstration's country, founded once for all journeys: a folder that each journey copies.

import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    country: string
  }
}

/** The program that the journeys run. */
export const PROGRAM = process.env.YKT_PROGRAM ?? fileURLToPath(new URL('../../target/debug/ykt', import.meta.url))

/** A server that serves, and how it is ended. */
export interface Running {
  origin: string
  end: () => Promise<void>
}

/** Starts the program on a folder of data and waits until it serves. */
export async function serve(data: string, ...options: string[]): Promise<Running> {
  if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} does not exist: build it, or name another one in YKT_PROGRAM`)
  const server = spawn(PROGRAM, ['serve', ...options, '--data', data, '--listen', '127.0.0.1:0', '--log', 'warn'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()))
  const end = async () => {
    server.kill('SIGTERM')
    await ended
  }
  for await (const line of createInterface({ input: server.stdout })) {
    if (line.startsWith('ready at ')) return { origin: line.slice('ready at '.length), end }
  }
  throw new Error('the server ended before it was ready')
}

export default async function setup(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'ykt-country-'))
  const country = join(folder, 'data')
  await (await serve(country, '--demo')).end()
  project.provide('country', country)
  return () => rmSync(folder, { recursive: true })
}
