// The one way to the platform: typed from its own description, failing with a [`Refused`] that carries the platform's
// problem. A request that needs a fresh proof of who is there waits for it and goes on.

import createClient, { type Middleware } from 'openapi-fetch'
import { worldPath } from '../app/world'
import { capacity } from './capacity'
import { csrf } from './csrf'
import { type Ended, endOf } from './ended'
import type { components, paths } from './schema'

export type Schemas = components['schemas']
export type Problem = Schemas['Problem']

/** The platform said no, or could not be reached (status 0). */
export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.title)
  }

  get status(): number {
    return this.problem.status
  }
}

/** Whom to tell that the sign-in has ended. */
let whenSignedOut: (ended: Ended) => void = () => undefined
/** Whom to tell that nobody is stood in for any more. */
let whenAlone: () => void = () => undefined
/** Who asks for a fresh proof; whether it was given. */
let askForProof: () => Promise<boolean> = async () => false

export function onSignedOut(tell: (ended: Ended) => void): void {
  whenSignedOut = tell
}

export function onAlone(tell: () => void): void {
  whenAlone = tell
}

export function onStepUp(ask: () => Promise<boolean>): void {
  askForProof = ask
}

/** Requests on their way, as they were before their bodies were read. */
const sent = new Map<string, Request>()

const headers: Middleware = {
  onRequest({ request, id }) {
    request.headers.set('accept-language', document.documentElement.lang)
    if (capacity.read()) request.headers.set('ykt-delegation', capacity.read())
    if (request.method !== 'GET') {
      request.headers.set('ykt-csrf', csrf.read())
      sent.set(id, request.clone())
    }
    return request
  },
  async onResponse({ response, id }) {
    const again = sent.get(id)
    sent.delete(id)
    if (response.status !== 403 || !again) return undefined
    const problem = (await response.clone().json().catch(() => null)) as Problem | null
    if (problem?.code !== 'staff.step_up_required' || !(await askForProof())) return undefined
    return fetch(again)
  },
  onError({ id }) {
    sent.delete(id)
  },
}

export const api = createClient<paths>({ baseUrl: `${window.location.origin}${worldPath}` })
api.use(headers)

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

/** The answer's content; throws [`Refused`] for every other outcome. */
export async function ask<T>(asked: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>
  try {
    answer = await asked
  } catch (cause) {
    throw new Refused(unreachable(cause))
  }
  if (answer.response.ok) return answer.data as T
  const problem = asProblem(answer.error, answer.response)
  const ended = endOf(problem)
  if (ended) whenSignedOut(ended)
  if (problem.code === 'delegation.not_in_force' && capacity.read()) {
    capacity.keep(null)
    whenAlone()
  }
  throw new Refused(problem)
}

/** Reads a problem; a proxy's page or nothing at all becomes one that says the status. */
export function asProblem(error: unknown, response: Pick<Response, 'status' | 'statusText'>): Problem {
  if (typeof error === 'object' && error !== null && 'code' in error && 'title' in error) return error as Problem
  const title = `${response.status} ${response.statusText}`.trim()
  return { type: 'about:blank', title, status: response.status, code: 'http', request_id: '', retryable: false }
}

function unreachable(cause: unknown): Problem {
  const title = cause instanceof Error ? cause.message : String(cause)
  return { type: 'about:blank', title, status: 0, code: 'network', request_id: '', retryable: true }
}
