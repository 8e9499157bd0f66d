// Who did what to one thing, and when, as the sealed records say it.

import { useInfiniteQuery } from '@tanstack/react-query'
import { Button, Table } from 'antd'
import { useState } from 'react'
import { api, ask, type Schemas } from '../../api/client'
import { useHolds } from '../../app/session'
import { worldPath } from '../../app/world'
import { useSpeech } from '../../i18n'
import { momentText } from '../../parts/moment'
import { Panel } from '../../parts/page'
import { Failure, Nothing } from '../../parts/states'

type Entry = Schemas['TrailEntry']

/** The thing: which kind of page it stands on, and its id. */
export interface Thing {
  noun: 'channel' | 'matter' | 'terminal'
  id: string
}

const PAGE = 50

function askTrail({ noun, id }: Thing, cursor: string | undefined) {
  const query = { limit: PAGE, cursor }
  switch (noun) {
    case 'channel':
      return ask(api.GET('/api/v1/channels/{channel_id}/trail', { params: { path: { channel_id: id }, query } }))
    case 'matter':
      return ask(api.GET('/api/v1/matters/{matter_id}/trail', { params: { path: { matter_id: id }, query } }))
    case 'terminal':
      return ask(api.GET('/api/v1/terminals/{terminal_id}/trail', { params: { path: { terminal_id: id }, query } }))
  }
}

/** Closed at first: who wants to know asks. */
export function Trail(thing: Thing) {
  const { t } = useSpeech()
  const [isOpen, setOpen] = useState(false)
  const extra = (
    <Button size="small" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
      {t(isOpen ? 'trail.hide' : 'trail.show')}
    </Button>
  )
  return (
    <Panel title={t('trail.title')} extra={extra}>
      {isOpen ? <Records {...thing} /> : <p className="quiet">{t('trail.lead')}</p>}
    </Panel>
  )
}

function Records(thing: Thing) {
  const { t, name } = useSpeech()
  const mayProve = useHolds()('audit.export')
  const { data, error, isFetching, hasNextPage, fetchNextPage, refetch } = useInfiniteQuery({
    queryKey: [thing.noun, 'trail', thing.id],
    queryFn: ({ pageParam }) => askTrail(thing, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })
  const who = (one: Entry) => {
    if (one.actor === 'system' || one.actor === 'holder') return name('trail_actor', one.actor)
    return one.actor_org ? `${one.actor_org} ${one.actor}` : one.actor
  }
  return (
    <>
      {error && <Failure error={error} retry={() => void refetch()} />}
      <Table<Entry>
        size="small"
        rowKey={(one) => `${one.log} ${one.place}`}
        dataSource={data?.pages.flatMap((page) => page.data) ?? []}
        loading={isFetching}
        pagination={false}
        scroll={{ x: 'max-content' }}
        locale={{ emptyText: <Nothing /> }}
        columns={[
          { title: t('trail.at'), key: 'at', render: (_, one) => momentText(one.at) },
          { title: t('trail.actor'), key: 'actor', render: (_, one) => who(one) },
          { title: t('trail.action'), key: 'action', render: (_, one) => <code>{one.action}</code> },
          {
            title: t('trail.outcome'),
            key: 'outcome',
            render: (_, one) => (one.outcome === 'done' ? name('trail_outcome', 'done') : <code>{one.outcome}</code>),
          },
          { title: t('trail.clause'), key: 'clause', render: (_, one) => one.clause ?? '—' },
          {
            title: t('trail.place'),
            key: 'place',
            render: (_, one) =>
              mayProve ? <a href={`${worldPath}${one.proof}`}>{t('trail.proof')}</a> : <code>{`${one.log.slice(0, 8)}:${one.place}`}</code>,
          },
        ]}
      />
      {hasNextPage && (
        <Button type="link" onClick={() => void fetchNextPage()}>
          {t('trail.more')}
        </Button>
      )}
    </>
  )
}
