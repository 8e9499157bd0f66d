// The audit trail as somebody outside may hold it: the newest signed head, and the file that proves every record.

import { DownloadOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useState } from 'react'
import { api, ask, type Schemas } from '../../api/client'
import { useHolds } from '../../app/session'
import { useSpeech } from '../../i18n'
import { download } from '../../parts/export_button'
import { momentText } from '../../parts/moment'
import { Facts, Page, Panel } from '../../parts/page'
import { Failure, Loading } from '../../parts/states'
import { Records } from './trail'

export function Component() {
  const { t } = useSpeech()
  const mayExport = useHolds()('audit.export')
  const { data, error, refetch } = useQuery({ queryKey: ['audit', 'head'], queryFn: () => ask(api.GET('/api/v1/audit/head')) })
  return (
    <Page title={t('nav.audit')} lead={t('audit.lead')} actions={mayExport && <Export />}>
      <Panel title={t('audit.head')} extra={<Button size="small" onClick={() => void refetch()}>{t('action.refresh')}</Button>}>
        {error ? <Failure error={error} retry={() => void refetch()} /> : data ? <Head head={data} /> : <Loading />}
      </Panel>
      <p className="quiet gap-above">{t('audit.verify')}</p>
      <code className="secret">ykt audit verify audit.jsonl</code>
      {mayExport && (
        <Panel title={t('audit.records')} extra={<span className="quiet">{t('audit.records_lead')}</span>}>
          <Records noun="audit" id="audit" />
        </Panel>
      )}
    </Page>
  )
}

function Head({ head }: { head: Schemas['HeadView'] }) {
  const { t } = useSpeech()
  return (
    <Facts
      facts={[
        { label: t('audit.at'), value: momentText(head.at) },
        { label: t('audit.size'), value: head.size.toLocaleString('en-US') },
        { label: t('audit.key'), value: <code>{head.key_id}</code> },
        { label: t('audit.root'), value: <code>{head.root}</code> },
      ]}
    />
  )
}

/** Fetches the whole trail page by page into one file. */
function Export() {
  const { t } = useSpeech()
  const { message } = App.useApp()
  const [lines, setLines] = useState<number | null>(null)
  const run = async () => {
    const parts: string[] = []
    let cursor: string | undefined
    setLines(0)
    try {
      do {
        const page = await ask(api.GET('/api/v1/audit/export', { params: { query: { limit: 200, cursor } } }))
        parts.push(...page.data.map((line) => `${JSON.stringify(line)}\n`))
        cursor = page.next_cursor ?? undefined
        setLines(parts.length)
      } while (cursor !== undefined)
      download(new Blob(parts, { type: 'application/x-ndjson' }), 'audit.jsonl')
      message.success(t('export.done', { n: parts.length }))
    } catch (error) {
      message.error(error instanceof Error ? error.message : String(error))
    } finally {
      setLines(null)
    }
  }
  return (
    <Button icon={<DownloadOutlined aria-hidden />} loading={lines !== null} onClick={() => void run()}>
      {lines === null ? t('audit.export') : `${t('export.running')} ${lines}`}
    </Button>
  )
}
