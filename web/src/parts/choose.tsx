// Fields that choose among what the platform knows.

import { useQuery } from '@tanstack/react-query'
import { Select, type SelectProps } from 'antd'
import { useMemo } from 'react'
import { api, ask, type Schemas } from '../api/client'
import { NATION, useDivisions } from '../app/divisions'
import { consoleOf, useHolds, useSession } from '../app/session'
import { useSpeech } from '../i18n'
import { walk } from './walk'

/** Most rows that are fetched to choose among. */
const MOST = 1000
const SEARCHED: SelectProps['showSearch'] = { optionFilterProp: 'label' }

/** Everything of a short list. */
export function useAll<Row>(noun: string, holds: string, fetch: (cursor?: string) => Promise<PageOf<Row>>): Row[] {
  const isHeld = useHolds()(holds)
  const { data } = useQuery({
    queryKey: [noun, 'all'],
    queryFn: () =>
      walk<Row>({ fetch: ({ cursor }) => fetch(cursor), filters: [], values: {} }, { from: undefined, want: MOST }),
    enabled: isHeld,
    staleTime: 60_000,
  })
  return useMemo(() => data?.rows ?? [], [data])
}

interface PageOf<Row> {
  data: Row[]
  has_more: boolean
  next_cursor?: string | null
}

export function useOrgs(): Schemas['OrgView'][] {
  return useAll('org', 'org.list', (cursor) => ask(api.GET('/api/v1/orgs', { params: { query: { limit: 200, cursor } } })))
}

export function useChannels(): Schemas['ChannelView'][] {
  return useAll('channel', 'channel.list', (cursor) =>
    ask(api.GET('/api/v1/channels', { params: { query: { limit: 200, cursor } } })),
  )
}

/** Whether one sets a channel up oneself: an owner its own, and not those of level 2 that it answers for. */
export function useKeeps(): (channel: Schemas['ChannelView']) => boolean {
  const { org, staff } = useSession()
  return (channel) => consoleOf(staff.role) !== 'channel' || channel.owner_id === org.org_id
}

/** Those that one sets up oneself. */
export function useKeptChannels(): Schemas['ChannelView'][] {
  return useChannels().filter(useKeeps())
}

/** Whether whoever looks is of a channel's owner and only reads it, because it has left (CH-33.3). */
export function useReadOnly(): (channel: Schemas['ChannelView'] | undefined) => boolean {
  const { staff } = useSession()
  return (channel) => channel?.portal === 'read_only' && consoleOf(staff.role) === 'channel'
}

export function OrgSelect(props: SelectProps<string>) {
  const { name } = useSpeech()
  const options = useOrgs().map((org) => ({ value: org.org_id, label: `${org.name} · ${name('org_kind', org.kind)}` }))
  return <Select {...props} options={options} showSearch={SEARCHED} />
}

export function DivisionSelect({ withNation = true, ...props }: SelectProps & { withNation?: boolean }) {
  const divisions = useDivisions()
  const options = useMemo(() => {
    const listed = divisions.all.map(({ code }) => ({ value: code, label: `${divisions.name(code)} ${code}` }))
    return withNation ? [{ value: NATION, label: `${divisions.name(NATION)} ${NATION}` }, ...listed] : listed
  }, [divisions, withNation])
  return <Select {...props} options={options} showSearch={SEARCHED} />
}
