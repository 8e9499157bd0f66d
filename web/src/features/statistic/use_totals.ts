// The figures of all channels in sight together.

import { useQuery } from '@tanstack/react-query'
import { api, ask } from '../../api/client'
import { lastDay, type Month } from './months'

/** Those of some months, oldest first. */
export function useTotals(months: Month[]) {
  const query = { from_on: `${months[0]}-01`, to_on: lastDay(months.at(-1) ?? ''), group: 'month' }
  return useQuery({
    queryKey: ['statistic', 'totals', query.from_on, query.to_on],
    queryFn: () => ask(api.GET('/api/v1/statistics/totals', { params: { query } })),
  })
}
