import { useQuery } from '@tanstack/react-query'
import { api, ask } from '../../api/client'

/** The calendar of working days with every arrangement. */
export function useCalendar() {
  return useQuery({ queryKey: ['calendar'], queryFn: () => ask(api.GET('/api/v1/calendar-years')) })
}
