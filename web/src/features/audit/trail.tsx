// Who did what to one thing, and when, as the sealed records say it; narrowed, exported, and checked in the browser.

import { SafetyCertificateOutlined } from '@ant-design/icons'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Alert, Button, Input } from 'antd'
import { useEffect, useState } from 'react'
import { api, ask, type Schemas } from '../../api/client'
import { useHolds } from '../../app/session'
import { worldPath } from '../../app/world'
import { given } from '../../export/whole'
import { useSpeech } from '../../i18n'
import { useAttempt } from '../../parts/attempt'
import { ExportButton } from '../../parts/export_button'
import { dayAfter, momentText } from '../../parts/moment'
import { Panel } from '../../parts/page'
import type { Column } from '../../parts/search_table'
import { ShortTable } from '../../parts/short_table'
import { Failure } from '../../parts/states'
import type { Checked } from './proof'
import { verdictKey } from './verdict'

type Entry = Schemas['TrailEntry']

/** The thing: which kind of page it stands on, and its id. */
export interface Thing {
  noun: 'channel' | 'matter' | 'terminal' | 'org' | 'card' | 'staff' | 'team' | 'parameter' | 'opening' | 'audit'
  id: string
}

/** What narrows the list; days are those of Asia/Shanghai. */
interface Narrowed {
  actor: string
  action: string
  request: string
  from: string
  until: string
}

const ALL: Narrowed = { actor: '', action: '', request: '', from: '', until: '' }
const PAGE = 50
/** Pages that are read for a request that is sought. */
const MOST_SOUGHT = 20

interface Sought {
  /** Only what this request brought about. */
  request?: string
}
const ZONE = 'T00:00:00+08:00'

interface Asked {
  limit: number
  cursor: string | undefined
  proven?: boolean
}

/** What narrows a trail, as the platform is asked. */
const filterOf = (narrowed: Narrowed) => ({
  actor: narrowed.actor || undefined,
  action: narrowed.action || undefined,
  request: narrowed.request || undefined,
  from: narrowed.from ? `${narrowed.from}${ZONE}` : undefined,
  until: narrowed.until ? `${dayAfter(narrowed.until, 1)}${ZONE}` : undefined,
})

function askTrail({ noun, id }: Thing, narrowed: Narrowed, asked: Asked) {
  const query = { ...asked, ...filterOf(narrowed) }
  switch (noun) {
    case 'channel':
      return ask(api.GET('/api/v1/channels/{channel_id}/trail', { params: { path: { channel_id: id }, query } }))
    case 'matter':
      return ask(api.GET('/api/v1/matters/{matter_id}/trail', { params: { path: { matter_id: id }, query } }))
    case 'terminal':
      return ask(api.GET('/api/v1/terminals/{terminal_id}/trail', { params: { path: { terminal_id: id }, query } }))
    case 'org':
      return ask(api.GET('/api/v1/orgs/{org_id}/trail', { params: { path: { org_id: id }, query } }))
    case 'card':
      return ask(api.GET('/api/v1/cards/{card_id}/trail', { params: { path: { card_id: id }, query } }))
    case 'staff':
      return ask(api.GET('/api/v1/staff/{staff_id}/trail', { params: { path: { staff_id: id }, query } }))
    case 'team':
      return ask(api.GET('/api/v1/team/trail', { params: { query } }))
    case 'parameter':
      return ask(api.GET('/api/v1/parameters/{parameter}/trail', { params: { path: { parameter: id }, query } }))
    case 'audit':
      return ask(api.GET('/api/v1/audit/trail', { params: { query } }))
    case 'opening':
      return ask(api.GET('/api/v1/openings/{opening_id}/trail', { params: { path: { opening_id: id }, query } }))
  }
}

/** Closed at first: who wants to know asks. */
export function Trail({ request, ...thing }: Thing & Sought) {
  const { t } = useSpeech()
  const [isOpen, setOpen] = useState(request !== undefined)
  const extra = (
    <Button size="small" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
      {t(isOpen ? 'trail.hide' : 'trail.show')}
    </Button>
  )
  return (
    <Panel title={t('trail.title')} extra={extra}>
      {isOpen ? <Records {...thing} request={request} /> : <p className="quiet">{t('trail.lead')}</p>}
    </Panel>
  )
}

/** The records themselves. */
export function Records({ request, ...thing }: Thing & Sought) {
  const { t } = useSpeech()
  const [narrowed, setNarrowed] = useState(ALL)
  const { data, error, isFetching, hasNextPage, fetchNextPage, refetch } = useInfiniteQuery({
    queryKey: [thing.noun, 'trail', thing.id, narrowed],
    queryFn: ({ pageParam }) => askTrail(thing, narrowed, { limit: PAGE, cursor: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })
  const read = data?.pages.flatMap((page) => page.data) ?? []
  const shown = request === undefined ? read : read.filter((one) => one.request === request)
  // What is sought lies further back: read on until it is found.
  const goesOn = request !== undefined && shown.length === 0 && hasNextPage && !isFetching && (data?.pages.length ?? 0) < MOST_SOUGHT
  useEffect(() => {
    if (goesOn) void fetchNextPage()
  }, [goesOn, fetchNextPage])
  const columns = useColumns()
  return (
    <section className="list" aria-label={t('trail.title')}>
      <div className="list-filters" role="search" aria-label={t('trail.filters')}>
        <Filters narrowed={narrowed} narrow={setNarrowed} />
        <span className="header-space" />
        <ExportButton
          title={t('trail.export_title', { id: thing.id })}
          noun={`${thing.noun}_trail`}
          object_id={thing.noun === 'team' || thing.noun === 'audit' ? undefined : thing.id}
          columns={columns}
          plan={{ fetch: ({ limit, cursor }) => askTrail(thing, narrowed, { limit, cursor }), filters: [], values: {} }}
          whole={given(filterOf(narrowed))}
        />
      </div>
      {error && <Failure error={error} retry={() => void refetch()} />}
      {request !== undefined && <p className="note tone-note gap-below">{t('trail.of_request', { id: request })}</p>}
      <ShortTable<Entry>
        label={t('trail.title')}
        rowKey={(one) => `${one.log} ${one.place}`}
        dataSource={shown}
        loading={isFetching}
        columns={columns.map(({ key, title, render }) => ({ key, title, render: (_: unknown, one: Entry) => render(one) }))}
      />
      <div className="list-foot">
        {hasNextPage && (
          <Button type="link" onClick={() => void fetchNextPage()}>
            {t('trail.more')}
          </Button>
        )}
        <span className="header-space" />
        {shown.length > 0 && <Verify key={verdictKey(shown)} thing={thing} narrowed={narrowed} shown={shown} />}
      </div>
    </section>
  )
}

function useColumns(): Column<Entry>[] {
  const { t, name } = useSpeech()
  const holds = useHolds()
  const isAuditor = holds('audit.export')
  const who = (one: Entry) => {
    if (one.actor === 'system' || one.actor === 'holder') return name('trail_actor', one.actor)
    return one.actor_org ? `${one.actor_org} ${one.actor}` : one.actor
  }
  const changed = (one: Entry) => (one.changes ?? []).map((change) => {
    const field = name('trail_field', change.field)
    if (change.withheld) return `${field} ${t('trail.withheld')}`
    return `${field} ${change.from ?? t('trail.none')} → ${change.to ?? t('trail.none')}`
  })
  const ended = (one: Entry) => (one.outcome === 'done' ? name('trail_outcome', 'done') : one.outcome)
  const place = (one: Entry) => `${one.log.slice(0, 8)}:${one.place}`
  const address: Column<Entry> = {
    key: 'address',
    title: t('trail.address'),
    render: (one) => (one.address ? <code>{one.address}</code> : '—'),
    text: (one) => one.address ?? '',
  }
  return [
    { key: 'at', title: t('trail.at'), render: (one) => <span className="nowrap">{momentText(one.at)}</span>, text: (one) => one.at },
    { key: 'actor', title: t('trail.actor'), render: (one) => <span className="trail-who">{who(one)}</span>, text: who },
    { key: 'action', title: t('trail.action'), render: (one) => <code>{one.action}</code>, text: (one) => one.action },
    { key: 'object', title: t('trail.object'), render: (one) => <code className="trail-id">{one.object ?? '—'}</code>, text: (one) => one.object ?? '' },
    {
      key: 'changes',
      title: t('trail.changes'),
      render: (one) => (changed(one).length > 0 ? <ul className="trail-changes">{changed(one).map((text) => <li key={text}>{text}</li>)}</ul> : '—'),
      text: (one) => changed(one).join('; '),
    },
    { key: 'reason', title: t('trail.reason'), render: (one) => <span className="trail-words">{one.reason ?? '—'}</span>, text: (one) => one.reason ?? '' },
    { key: 'outcome', title: t('trail.outcome'), render: (one) => (one.outcome === 'done' ? ended(one) : <code>{one.outcome}</code>), text: ended },
    { key: 'clause', title: t('trail.clause'), render: (one) => one.clause ?? '—', text: (one) => one.clause ?? '' },
    ...(isAuditor ? [address] : []),
    { key: 'request', title: t('trail.request'), render: (one) => <code className="trail-id">{one.request ?? '—'}</code>, text: (one) => one.request ?? '' },
    {
      key: 'place',
      title: t('trail.place'),
      render: (one) => (isAuditor && one.proof ? <a href={`${worldPath}${one.proof}`}>{t('trail.proof')}</a> : <code>{place(one)}</code>),
      text: (one) => `${one.log}:${one.place}`,
    },
  ]
}

function Filters({ narrowed, narrow }: { narrowed: Narrowed; narrow: (to: Narrowed) => void }) {
  const { t } = useSpeech()
  const [typed, setTyped] = useState(narrowed)
  const fields = [
    { key: 'actor', type: 'text', width: 100 },
    { key: 'action', type: 'text', width: 64 },
    { key: 'request', type: 'text', width: 40 },
    { key: 'from', type: 'date', width: 10 },
    { key: 'until', type: 'date', width: 10 },
  ] as const
  const apply = (to: Narrowed) => {
    setTyped(to)
    if (JSON.stringify(to) !== JSON.stringify(narrowed)) narrow(to)
  }
  return (
    <>
      {fields.map(({ key, type, width }) => (
        <label key={key}>
          {t(`trail.by_${key}`)}
          <Input
            type={type}
            allowClear={type === 'text'}
            maxLength={width}
            value={typed[key]}
            onChange={({ target }) => {
              const next = { ...typed, [key]: target.value }
              setTyped(next)
              if (type === 'date' || target.value === '') apply(next)
            }}
            onPressEnter={() => apply({ ...typed, [key]: typed[key].trim() })}
            onBlur={() => apply({ ...typed, [key]: typed[key].trim() })}
          />
        </label>
      ))}
      {JSON.stringify(narrowed) !== JSON.stringify(ALL) && (
        <Button type="link" onClick={() => apply(ALL)}>
          {t('list.clear')}
        </Button>
      )}
    </>
  )
}

interface Verdict {
  wrong: Entry[]
  /** Of which there is no proof here: not sealed yet, or so old that only an export proves it. */
  bare: Entry[]
  count: number
  under?: Checked
}

/** Asks for the proofs of what is shown and checks each here: nothing is taken on the server's word. */
function Verify({ thing, narrowed, shown }: { thing: Thing; narrowed: Narrowed; shown: Entry[] }) {
  const { t } = useSpeech()
  const { attempt, isBusy, error } = useAttempt()
  const [verdict, setVerdict] = useState<Verdict>()
  const run = () =>
    attempt(async () => {
      const { Verifier } = await import('./proof')
      const verifier = new Verifier()
      const proofs = new Map<string, Entry['sealed']>()
      const placed = (one: Entry) => `${one.log} ${one.place}`
      const isMissing = () => shown.some((one) => !proofs.has(placed(one)))
      let cursor: string | undefined
      do {
        const page = await askTrail(thing, narrowed, { limit: 20, cursor, proven: true })
        for (const one of page.data) proofs.set(placed(one), one.sealed)
        cursor = page.next_cursor ?? undefined
      } while (cursor !== undefined && isMissing())
      const isBare = (one: Entry) => proofs.has(placed(one)) && !proofs.get(placed(one))
      const bare = shown.filter(isBare)
      const wrong = shown.filter((one) => !isBare(one) && !verifier.admits(one, proofs.get(placed(one))))
      setVerdict({ wrong, bare, count: shown.length, under: verifier.seen() })
    })
  return (
    <>
      <Button icon={<SafetyCertificateOutlined aria-hidden />} loading={isBusy} onClick={() => void run()}>
        {t('trail.verify', { n: shown.length })}
      </Button>
      <div className="trail-verdict" role="status">
        {error !== null && <Failure error={error} />}
        {verdict && <Judged verdict={verdict} />}
      </div>
    </>
  )
}

function Judged({ verdict: { wrong, bare, count, under } }: { verdict: Verdict }) {
  const { t } = useSpeech()
  const listed = (entries: Entry[]) => (
    <ul>{entries.map((one) => <li key={`${one.log} ${one.place}`}><code>{`${momentText(one.at)} ${one.action} ${one.log}:${one.place}`}</code></li>)}</ul>
  )
  if (wrong.length > 0) {
    return <Alert type="error" showIcon title={t('trail.wrong', { n: wrong.length, of: count })} description={listed(wrong)} />
  }
  if (bare.length > 0 || !under) {
    return <Alert type="warning" showIcon title={t('trail.bare', { n: bare.length, of: count })} description={listed(bare)} />
  }
  return (
    <Alert
      type="success"
      showIcon
      title={t('trail.right', { n: count })}
      description={
        <>
          <p>{t('trail.under', { at: momentText(under.headAt) })}</p>
          <p>
            {t('audit.root')} <code>{under.root}</code>
          </p>
          {under.fingerprints.map((one) => (
            <p key={one}>
              {t('trail.key')} <code>{one}</code>
            </p>
          ))}
        </>
      }
    />
  )
}
