// Who is signed in. Asked of the platform once per load of the page; what the role may do comes with it, so the menu
// is never a second copy of the permission table.

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'
import { api, ask, onSignedOut, Refused, type Schemas } from '../api/client'
import { token } from '../api/token'

export type Session = Schemas['StaffSessionView']
export type Console = 'channel' | 'region' | 'operator' | 'ministry' | 'partner'

interface SignIn {
  session: Session | null
  isLoading: boolean
  /** The platform could not say who is signed in. */
  failure: Refused | null
  /** The sign-in ended by itself. */
  hasEnded: boolean
  signIn: (login: string, password: string) => Promise<void>
  signOut: () => Promise<void>
  /** Asks again, for example after the password was replaced. */
  refresh: () => Promise<void>
}

const Context = createContext<SignIn | null>(null)

export function SessionProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient()
  const [hasToken, setHasToken] = useState(() => token.read() !== null)
  const [hasEnded, setHasEnded] = useState(false)
  const asked = useQuery({
    queryKey: ['session'],
    queryFn: () => ask(api.GET('/api/v1/staff/sessions/current')),
    enabled: hasToken,
    staleTime: Infinity,
  })
  useEffect(() => {
    onSignedOut(() => {
      token.forget()
      setHasToken(false)
      setHasEnded(true)
      client.clear()
    })
  }, [client])
  const value = useMemo<SignIn>(
    () => ({
      session: hasToken ? (asked.data ?? null) : null,
      isLoading: hasToken && asked.isLoading,
      failure: asked.error instanceof Refused ? asked.error : null,
      hasEnded,
      signIn: async (login, password) => {
        const opened = await ask(api.POST('/api/v1/staff/sessions', { body: { login, password } }))
        client.clear()
        token.keep(opened.token)
        setHasEnded(false)
        setHasToken(true)
      },
      signOut: async () => {
        await ask(api.DELETE('/api/v1/staff/sessions/current')).catch(() => undefined)
        token.forget()
        setHasToken(false)
        client.clear()
      },
      refresh: () => client.invalidateQueries({ queryKey: ['session'] }),
    }),
    [asked.data, asked.error, asked.isLoading, client, hasEnded, hasToken],
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

/** Which of the consoles a role works in. */
export function consoleOf(role: string): Console {
  if (role === 'channel_admin') return 'channel'
  if (role.startsWith('region_')) return 'region'
  if (role.startsWith('ministry_')) return 'ministry'
  if (role === 'department_clerk' || role === 'lab_tester') return 'partner'
  return 'operator'
}
