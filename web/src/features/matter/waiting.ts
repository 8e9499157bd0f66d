// What waits for whoever is signed in.

import { useQuery } from '@tanstack/react-query'
import { useHolds } from '../../app/session'
import { useToday } from '../../app/today'
import { daysBetween } from '../../parts/moment'
import { askInbox, askUnread } from './wire'

const OFTEN_MS = 60_000

export function useInbox() {
  const holds = useHolds()
  return useQuery({
    queryKey: ['matter', 'inbox'],
    queryFn: askInbox,
    enabled: holds('matter.read'),
    refetchInterval: OFTEN_MS,
  })
}

/** How much waits, as the menu shows it. */
export function useWaiting(): number {
  return useInbox().data?.length ?? 0
}

/** How many messages the own party has not read, as the menu shows it. */
export function useUnread(): number {
  const holds = useHolds()
  const { data } = useQuery({
    queryKey: ['message', 'unread'],
    queryFn: askUnread,
    enabled: holds('matter.read'),
    refetchInterval: OFTEN_MS,
  })
  return data ?? 0
}

/** How many days are left until a last day; none without one. */
export function useDaysLeft(): (due_on: string | null | undefined) => number | null {
  const today = useToday()
  return (due_on) => (due_on ? daysBetween(today, due_on) : null)
}
