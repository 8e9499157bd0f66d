// A list of the platform's rows: filters in the address, pages by cursor, and an export of what the filters leave.
//
// The platform pages by key, so there is no page number and no total. A filter that the platform knows is sent to it;
// any other is applied here while pages are read, up to a limit that is then told.

import { SearchOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Input, Select, Table } from 'antd'
import { type ReactNode, useMemo, useState } from 'react'
import { useSearchParams } from 'react-router'
import type { Schemas } from '../api/client'
import type { Whole } from '../export/whole'
import { useSpeech } from '../i18n'
import { type Bulk, useBulk } from './bulk_bar'
import { ExportButton } from './export_button'
import { shownOf } from './list_settings'
import { ListTools, useListSettings } from './list_tools'
import { useReachable } from './reachable'
import { useRowKeys } from './row_keys'
import { Failure, Nothing } from './states'
import { type Cursor, type Fetch, type Values, walk } from './walk'

export interface Column<Row> {
  key: string
  title: string
  /** What the cell shows. */
  render: (row: Row) => ReactNode
  /** What an export writes; the column is left out of exports without it. */
  text?: (row: Row) => string
  /** A number: set right, and a number in a workbook too. */
  isNumber?: boolean
  /** An export writes a moment: the head names the zone. */
  isMoment?: boolean
  width?: number | string
}

export interface Filter<Row> {
  key: string
  label: string
  /** Choices; without them it is a field to type in. */
  options?: { value: string; label: string }[]
  /** The filter whose value gives this one its meaning: when that is changed, this one is taken back. */
  within?: string
  /** Whether a row stays, by this value and all others; without it the platform filters by a parameter of this name. */
  admits?: (row: Row, value: string, values: Record<string, string>) => boolean
}

interface Props<Row> {
  /** What the list is called, in exports and for screen readers. */
  title: string
  /** The first part of the query's key, and the word for the list when an export is put on record. */
  noun: Schemas['ExportedList']
  /** Of which thing it is the list, where each has its own. */
  of?: string
  rowKey: (row: Row) => string
  columns: Column<Row>[]
  filters?: Filter<Row>[]
  fetch: Fetch<Row>
  /** What the platform is asked for a file of the whole list; none for values that the page applies alone. */
  whole?: (values: Values) => Whole['filter'] | undefined
  /** What is done to many rows. */
  bulk?: Bulk<Row>
  /** Shown when there is nothing at all. */
  empty?: ReactNode
}

const PAGE = 50

export function SearchTable<Row extends object>(props: Props<Row>) {
  const { t } = useSpeech()
  const [params, setParams] = useSearchParams()
  const [before, setBefore] = useState<Cursor[]>([])
  const filters = props.filters ?? []
  const chosen = useMemo(() => {
    const pairs = (props.filters ?? []).map((filter) => [filter.key, params.get(filter.key) ?? ''] as const)
    return Object.fromEntries(pairs.filter(([, value]) => value !== '')) as Values
  }, [params, props.filters])
  const cursor = params.get('cursor') ?? undefined
  const plan = { fetch: props.fetch, filters, values: chosen }
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: [props.noun, 'list', props.of, chosen, cursor],
    queryFn: ({ signal }) => walk(plan, { from: cursor, want: PAGE, signal }),
    placeholderData: (previous) => previous,
  })
  const filter = (key: string, value: string) => {
    setBefore([])
    setParams((old) => {
      const next = new URLSearchParams(old)
      next.delete('cursor')
      if (value === '') next.delete(key)
      else next.set(key, value)
      for (const other of filters) if (other.within === key) next.delete(other.key)
      return next
    })
  }
  const clear = () => {
    setBefore([])
    // The page may keep something else in its address.
    setParams((old) => {
      const next = new URLSearchParams(old)
      for (const key of ['cursor', ...filters.map((one) => one.key)]) next.delete(key)
      return next
    })
  }
  const go = (to: Cursor) => {
    setParams((old) => {
      const next = new URLSearchParams(old)
      if (to === undefined) next.delete('cursor')
      else next.set('cursor', to)
      return next
    })
  }
  const list = useReachable<HTMLElement>(props.title, data)
  const [settings, change] = useListSettings(props.noun)
  const columns = shownOf(props.columns, settings.hidden)
  const rows = useRowKeys(data?.rows.length ?? 0)
  const { rowSelection, bar } = useBulk(props.bulk, data?.rows ?? [], props.rowKey)
  const hasFilter = Object.keys(chosen).length > 0
  return (
    <section className="list" aria-label={props.title} ref={list}>
      <div className="list-filters" role="search" aria-label={t('list.filters')}>
        {filters.map((item) => (
          <FilterField key={item.key} filter={item} value={chosen[item.key] ?? ''} change={(value) => filter(item.key, value)} />
        ))}
        {hasFilter && (
          <Button type="link" onClick={clear}>
            {t('list.clear')}
          </Button>
        )}
        <span className="header-space" />
        <ListTools settings={settings} change={change} filters={filters.map((one) => one.key)} columns={props.columns} moved={() => setBefore([])} />
        <ExportButton title={props.title} noun={props.noun} columns={columns} plan={plan} whole={props.whole?.(chosen)} />
      </div>
      {error && <div className="gap-below"><Failure error={error} retry={() => void refetch()} /></div>}
      {bar}
      <Table<Row>
        rowSelection={rowSelection}
        size={settings.density}
        rowKey={props.rowKey}
        dataSource={data?.rows ?? []}
        loading={isFetching}
        pagination={false}
        scroll={{ x: 'max-content' }}
        locale={{ emptyText: <Nothing text={hasFilter ? t('list.no_match') : undefined}>{!hasFilter && props.empty}</Nothing> }}
        onRow={rows.onRow}
        columns={columns.map((column) => ({
          key: column.key,
          title: column.title,
          width: column.width,
          className: column.isNumber ? 'number' : undefined,
          render: (_: unknown, row: Row) => column.render(row),
        }))}
      />
      <div className="list-foot" aria-live="polite">
        <span className="quiet">
          {data && t('list.shown', { n: data.rows.length })}
          {data?.isPartial && ` · ${t('list.partial', { n: data.seen })}`}
        </span>
        <span className="header-space" />
        {cursor !== undefined && <Button onClick={() => { setBefore([]); go(undefined) }}>{t('list.first')}</Button>}
        {before.length > 0 && (
          <Button onClick={() => { go(before.at(-1)); setBefore(before.slice(0, -1)) }}>{t('list.previous')}</Button>
        )}
        {data?.next !== undefined && (
          <Button onClick={() => { setBefore([...before, cursor]); go(data.next) }}>{t('list.next')}</Button>
        )}
      </div>
    </section>
  )
}

function FilterField<Row>({ filter, value, change }: { filter: Filter<Row>; value: string; change: (value: string) => void }) {
  const { t } = useSpeech()
  const [typed, setTyped] = useState(value)
  const [known, setKnown] = useState(value)
  if (known !== value) {
    // The address changed without us: the back button, or a link.
    setKnown(value)
    setTyped(value)
  }
  if (filter.options) {
    return (
      <label>
        {filter.label}
        <Select
          aria-label={filter.label}
          value={value}
          onChange={change}
          showSearch={filter.options.length > 8 ? { optionFilterProp: 'label' } : false}
          options={[{ value: '', label: t('list.all') }, ...filter.options]}
        />
      </label>
    )
  }
  return (
    <label>
      {filter.label}
      <Input
        aria-label={filter.label}
        allowClear
        prefix={<SearchOutlined aria-hidden />}
        value={typed}
        maxLength={100}
        onChange={(event) => {
          setTyped(event.target.value)
          if (event.target.value === '') change('')
        }}
        onPressEnter={() => change(typed.trim())}
        onBlur={() => typed.trim() !== value && change(typed.trim())}
      />
    </label>
  )
}
