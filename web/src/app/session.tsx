// Who is signed in. The session is a cookie; who it belongs to and what the role may do is asked of the platform once per
// load of the page, so the menu is never a second copy of the permission table.

import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'
import { capacity } from '../api/capacity'
import { api, ask, asProblem, onAlone, onSignedOut, Refused, type Schemas } from '../api/client'
import { csrf } from '../api/csrf'
import { type Ended, endOf } from '../api/ended'
import { keepOnly } from '../parts/draft'
import { noteActive } from './presence'

/** Who is signed in, as far as is known before the account is complete. */
export type Portal = Schemas['PortalSession']
/** How the account had signed in before. */
export type Previous = Schemas['PreviousSignIn']
/** The account with its organisation and its rights. */
export type Session = Schemas['StaffSessionView']
export type Console = 'channel' | 'region' | 'operator' | 'ministry' | 'partner'

export interface Credentials {
  login: string
  password: string
  /** Of the second factor. */
  code?: string
  /** What a passkey answered, in the place of a code. */
  passkey?: Schemas['PasskeyAssertion']
}

interface SignIn {
  portal: Portal | null
  session: Session | null
  /** What time it is in this world, in milliseconds: the clock of a sandbox can be moved, and a browser's may be wrong. */
  now: () => number
  isLoading: boolean
  /** The platform could not say who is signed in. */
  failure: Refused | null
  /** The sign-in ended, and nobody here ended it; why, where the platform says so. */
  ended: Ended | null
  /** What whoever has just signed in has not been told yet. */
  arrival: Previous | null
  /** Notes that it was told. */
  greet: () => void
  signIn: (credentials: Credentials) => Promise<void>
  signOut: () => Promise<void>
  /** Signs out because nobody was there, and says so. */
  lapse: () => Promise<void>
  /** Asks again, for example after the password was replaced. */
  refresh: () => Promise<void>
}

interface Known {
  portal: Portal
  session: Session
  /** How far the platform's clock was ahead of the browser's, in milliseconds. */
  ahead: number
}

const Context = createContext<SignIn | null>(null)

async function askSession(portal: Portal): Promise<Known> {
  const session = await ask(api.GET('/api/v1/staff/sessions/current'))
  return { portal, session, ahead: Date.parse(session.now) - Date.now() }
}

async function askWho(tellEnd: (ended: Ended) => void): Promise<Known | null> {
  const { data, response, error } = await api.GET('/api/v1/portal/session')
  // Nobody is signed in: an answer, not a failure. That there was somebody until the account was used elsewhere is told.
  if (response.status === 401) {
    const ended = endOf(asProblem(error, response))
    if (ended?.words) tellEnd(ended)
    return null
  }
  const portal = await ask(Promise.resolve({ data, response, error }))
  csrf.keep(portal.csrf_token)
  return askSession(portal)
}

/** Forgets everything that was asked for another person, and in whose place. */
function forget(client: QueryClient): void {
  capacity.keep(null)
  client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' })
}

export function SessionProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient()
  const [ended, setEnded] = useState<Ended | null>(null)
  const [arrival, setArrival] = useState<Previous | null>(null)
  const { data, error, isLoading } = useQuery({ queryKey: ['session'], queryFn: () => askWho(setEnded), staleTime: Infinity })
  useEffect(() => {
    onAlone(() => void client.invalidateQueries())
    onSignedOut((how) => {
      csrf.keep(null)
      setEnded(how)
      forget(client)
      client.setQueryData(['session'], null)
    })
  }, [client])
  const value = useMemo<SignIn>(
    () => ({
      portal: data?.portal ?? null,
      session: data?.session ?? null,
      now: () => Date.now() + (data?.ahead ?? 0),
      isLoading,
      failure: error instanceof Refused ? error : null,
      ended,
      arrival,
      greet: () => setArrival(null),
      signIn: async (body) => {
        const portal = await ask(api.POST('/api/v1/portal/session', { body }))
        csrf.keep(portal.csrf_token)
        // Whoever has signed in is there.
        noteActive(Date.now(), 0)
        forget(client)
        setEnded(null)
        setArrival(portal.previous ?? null)
        const known = await askSession(portal)
        keepOnly(sessionStorage, known.session.staff.staff_id)
        client.setQueryData<Known>(['session'], known)
      },
      signOut: async () => {
        await ask(api.DELETE('/api/v1/portal/session')).catch(() => undefined)
        csrf.keep(null)
        keepOnly(sessionStorage)
        forget(client)
        client.setQueryData(['session'], null)
      },
      lapse: async () => {
        await ask(api.DELETE('/api/v1/portal/session')).catch(() => undefined)
        csrf.keep(null)
        setEnded({})
        forget(client)
        client.setQueryData(['session'], null)
      },
      refresh: () => client.invalidateQueries({ queryKey: ['session'] }),
    }),
    [arrival, client, data, ended, error, isLoading],
  )
  return <Context value={value}>{children}</Context>
}

export function useSignIn(): SignIn {
  const value = useContext(Context)
  if (!value) throw new Error('useSignIn outside SessionProvider')
  return value
}

/** Who is signed in, on pages that nobody else sees. */
export function useSession(): Session {
  const { session } = useSignIn()
  if (!session) throw new Error('a page for staff without a session')
  return session
}

/** Whether the role holds an operation. */
export function useHolds(): (operation: string) => boolean {
  const { operations } = useSession()
  return useMemo(() => {
    const held = new Set(operations)
    return (operation) => held.has(operation)
  }, [operations])
}

/** Whether an account still lacks what it must have before it may do anything. */
export function isIncomplete(portal: Portal): boolean {
  return portal.staff.must_change_password || portal.must_enrol
}

/** Which of the consoles a role works in. */
export function consoleOf(role: string): Console {
  if (role.startsWith('channel_')) return 'channel'
  if (role.startsWith('region_')) return 'region'
  if (role.startsWith('ministry_')) return 'ministry'
  if (role === 'department_clerk' || role === 'lab_tester') return 'partner'
  return 'operator'
}
