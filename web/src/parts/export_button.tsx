// Exports what a list shows. It is made in the browser from the same pages of the API that the list reads: what a
// person may export is exactly what they may see, and no second way to the rows has to be guarded. That it is made is put on
// record first, and the id of that record goes along: into a workbook's properties, and into the name of either file. A
// list that is longer than a page exports at once is made a file of by the platform, when that can narrow it as the page does.

import { DownloadOutlined } from '@ant-design/icons'
import { App } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { api, ask, type Schemas } from '../api/client'
import { useSession } from '../app/session'
import { MOST_AT_ONCE, type Whole } from '../export/whole'
import { useSpeech } from '../i18n'
import { said } from './attempt'
import { MenuButton } from './menu_button'
import { momentText } from './moment'
import { type Plan, walk, type Walked } from './walk'

const Panel = lazy(() => import('../export/panel'))

export interface Exported<Row> {
  title: string
  text?: (row: Row) => string
  isNumber?: boolean
  /** A moment without its zone: the head of the column names it. */
  isMoment?: boolean
}

interface Props<Row> {
  title: string
  /** The word for the list on record. */
  noun: Schemas['ExportedList']
  /** Whose trail it is. */
  object_id?: string
  columns: Exported<Row>[]
  plan: Plan<Row>
  /** What narrows the list as the platform is asked for it; none where a filter is applied in the page alone. */
  whole?: Whole['filter']
}

type Format = 'xlsx' | 'csv'

export function ExportButton<Row>({ title, noun, object_id, columns, plan, whole }: Props<Row>) {
  const { t } = useSpeech()
  const { message } = App.useApp()
  const { staff } = useSession()
  const [isBusy, setBusy] = useState(false)
  const [panel, setPanel] = useState<{ format: Format | 'pdf'; cut?: () => Promise<void> }>()
  const written = columns.filter((column) => column.text)
  const save = async (kind: Format) => {
    setBusy(true)
    try {
      const walked = await walk(plan, { from: undefined, want: MOST_AT_ONCE })
      const isCut = walked.next !== undefined || walked.rows.length > MOST_AT_ONCE
      if (isCut && whole) setPanel({ format: kind, cut: () => write(kind, walked, isCut) })
      else await write(kind, walked, isCut)
    } catch (error) {
      message.error(said(error))
    } finally {
      setBusy(false)
    }
  }
  const write = async (kind: Format, walked: Walked<Row>, isCut: boolean) => {
    try {
      const rows = walked.rows.slice(0, MOST_AT_ONCE).map((row) => written.map((column) => column.text?.(row) ?? ''))
      const head = written.map(({ title, isMoment }) => (isMoment ? t('export.zone', { title }) : title))
      const now = new Date().toISOString()
      const notes = [title, t('export.made', { who: staff.login, at: momentText(now) })]
      const numeric = written.map((column) => column.isNumber === true)
      const body = { list: noun, object_id, rows: rows.length, format: kind }
      const { export_id: id } = await ask(api.POST('/api/v1/audit/exports', { body }))
      const made: BlobPart[] = await (kind === 'xlsx'
        ? import('../export/xlsx').then(({ xlsx }) => [
            xlsx({ name: title, notes, head, numeric, rows, made: { id, by: staff.login } }),
          ])
        : import('../export/csv').then(({ csv }) => [csv([head, ...rows])]))
      download(new Blob(made), `${title}-${momentText(now).replace(/\D/g, '')}-${id}.${kind}`)
      if (isCut) message.warning(t('export.capped', { n: rows.length }))
      else message.success(t('export.done', { n: rows.length }))
    } catch (error) {
      message.error(said(error))
    }
  }
  const here = ['xlsx', 'csv'] as const
  const items = [...here, ...(whole ? (['pdf', 'whole'] as const) : [])].map((key) => ({ key, label: t(`export.${key}`) }))
  const choose = (key: (typeof items)[number]['key']) => {
    if (key === 'whole' || key === 'pdf') setPanel({ format: key === 'pdf' ? 'pdf' : 'xlsx' })
    else void save(key)
  }
  return (
    <>
      <MenuButton items={items} choose={choose} icon={<DownloadOutlined aria-hidden />} loading={isBusy}>
        {t('export.label')}
      </MenuButton>
      {panel && whole && (
        <Suspense>
          <Panel whole={{ list: noun, object_id, filter: whole }} {...panel} close={() => setPanel(undefined)} />
        </Suspense>
      )}
    </>
  )
}

/** Hands a file to the browser. */
export function download(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
