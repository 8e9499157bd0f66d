// Exports what a list shows. It is made in the browser from the same pages of the API that the list reads: what a
// person may export is exactly what they may see, and no second way to the rows has to be guarded.

import { DownloadOutlined } from '@ant-design/icons'
import { App, Button, Dropdown } from 'antd'
import { useState } from 'react'
import { useSession } from '../app/session'
import { useSpeech } from '../i18n'
import { momentText } from './moment'
import { type Plan, walk } from './walk'

export interface Exported<Row> {
  title: string
  text?: (row: Row) => string
  isNumber?: boolean
}

interface Props<Row> {
  title: string
  columns: Exported<Row>[]
  plan: Plan<Row>
}

/** Most rows of an export. */
const MOST = 5000

export function ExportButton<Row>({ title, columns, plan }: Props<Row>) {
  const { t } = useSpeech()
  const { message } = App.useApp()
  const { staff } = useSession()
  const [isBusy, setBusy] = useState(false)
  const written = columns.filter((column) => column.text)
  const save = async (kind: string) => {
    setBusy(true)
    try {
      const walked = await walk(plan, { from: undefined, want: MOST })
      const rows = walked.rows.slice(0, MOST).map((row) => written.map((column) => column.text?.(row) ?? ''))
      const head = written.map((column) => column.title)
      const now = new Date().toISOString()
      const notes = [title, t('export.made', { who: staff.login, at: momentText(now) })]
      const numeric = written.map((column) => column.isNumber === true)
      const made = await (kind === 'xlsx'
        ? import('../export/xlsx').then(({ xlsx }) => xlsx({ name: title, notes, head, numeric, rows }))
        : import('../export/csv').then(({ csv }) => [csv([head, ...rows])]))
      download(new Blob(made), `${title}-${momentText(now).replace(/\D/g, '')}.${kind}`)
      const isCut = walked.next !== undefined || walked.rows.length > MOST
      if (isCut) message.warning(t('export.capped', { n: rows.length }))
      else message.success(t('export.done', { n: rows.length }))
    } catch (error) {
      message.error(error instanceof Error ? error.message : String(error))
    } finally {
      setBusy(false)
    }
  }
  const items = [
    { key: 'xlsx', label: t('export.xlsx') },
    { key: 'csv', label: t('export.csv') },
  ]
  return (
    <Dropdown menu={{ items, onClick: ({ key }) => void save(key) }} trigger={['click']} disabled={isBusy}>
      <Button icon={<DownloadOutlined aria-hidden />} loading={isBusy}>
        {t('export.label')}
      </Button>
    </Dropdown>
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
