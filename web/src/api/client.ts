// The one way to the platform: typed from its own description, with the token of whoever is signed in, failing with
// a [`Refused`] that carries the platform's problem.

import createClient, { type Middleware } from 'openapi-fetch'
import { worldPath } from '../app/world'
import { token } from './token'
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
let whenSignedOut: () => void = () => undefined

export function onSignedOut(tell: () => void): void {
  whenSignedOut = tell
}

const headers: Middleware = {
  onRequest({ request }) {
    const bearer = token.read()
    if (bearer) request.headers.set('authorization', `Bearer ${bearer}`)
    request.headers.set('accept-language', document.documentElement.lang)
    return request
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
export async function ask<T>(sent: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>
  try {
    answer = await sent
  } catch (cause) {
    throw new Refused(unreachable(cause))
  }
  if (answer.response.ok) return answer.data as T
  const problem = asProblem(answer.error, answer.response)
  if (problem.code === 'staff.unauthenticated') whenSignedOut()
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
