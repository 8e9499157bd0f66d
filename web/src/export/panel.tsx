// The files that the platform makes of long lists for whoever is signed in: begun here, watched, taken.

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Space } from 'antd'
import { api, ask, type Schemas } from '../api/client'
import { worldPath } from '../app/world'
import { useSpeech } from '../i18n'
import { useAttempt } from '../parts/attempt'
import { counted } from '../parts/count'
import { Dialog } from '../parts/dialog'
import { momentText } from '../parts/moment'
import { Failure } from '../parts/states'
import { StatusTag, type Tone } from '../parts/status_tag'
import { isUnderWay, type Made, MOST_AT_ONCE, MOST_PRINTED, type Whole } from './whole'

const TONES: Record<Made['state'], Tone> = { waiting: 'note', running: 'note', ready: 'good', failed: 'bad', expired: 'calm' }
/** How often it is asked while something comes. */
const OFTEN_MS = 2000
/** How many are shown, the newest first. */
const SHOWN = 10

interface Props {
  whole: Whole
  format: 'xlsx' | 'csv' | 'pdf'
  /** Writes what was read so far, when there is more than a page exports at once. */
  cut?: () => Promise<void>
  close: () => void
}

export default function Panel({ whole, format, cut, close }: Props) {
  const { t, language } = useSpeech()
  const client = useQueryClient()
  const { attempt, isBusy, error } = useAttempt()
  const { data, error: unread, refetch } = useQuery({
    queryKey: ['export', 'list'],
    queryFn: () => ask(api.GET('/api/v1/exports', { params: { query: { limit: SHOWN } } })),
    refetchInterval: ({ state }) => (state.data?.data.some(isUnderWay) ? OFTEN_MS : false),
  })
  const begin = () =>
    attempt(async () => {
      // The filter is an object without a shape of its own: what is in it is described with each list.
      const body = { ...whole, format, language } as Schemas['CreateExport']
      await ask(api.POST('/api/v1/exports', { body }))
      await client.invalidateQueries({ queryKey: ['export'] })
    })
  const made = data?.data ?? []
  return (
    <Dialog open title={t('export.whole_title')} onCancel={close} footer={null}>
      <p>{format === 'pdf' ? t('export.pdf_lead', { n: counted(MOST_PRINTED, language, false) }) : t(cut ? 'export.too_long' : 'export.whole_lead', { n: MOST_AT_ONCE })}</p>
      <Space wrap className="gap-below">
        <Button type="primary" loading={isBusy} onClick={() => void begin()}>
          {t('export.begin', { format })}
        </Button>
        {cut && <Button onClick={() => void cut().then(close)}>{t('export.cut', { n: MOST_AT_ONCE })}</Button>}
      </Space>
      {(error ?? unread) !== null && <Failure error={error ?? unread} retry={() => void refetch()} />}
      <ul className="export-files" aria-live="polite" aria-label={t('export.files')}>
        {made.map((one) => (
          <File key={one.export_id} made={one} />
        ))}
      </ul>
      {data && made.length === 0 && <p className="quiet">{t('export.no_files')}</p>}
    </Dialog>
  )
}

function File({ made }: { made: Made }) {
  const { t, name, language } = useSpeech()
  const rows = t('export.rows', { n: counted(made.rows, language, false) })
  return (
    <li>
      <StatusTag family="export_state" state={made.state} tone={TONES[made.state]} />{' '}
      {name('exported_list', made.list)} · {made.format} · {momentText(made.created_at)} · {rows}
      {made.state === 'ready' && (
        <>
          {' '}
          <a href={`${worldPath}/api/v1/exports/${made.export_id}/content`} download={made.file_name ?? undefined}>
            {t('export.take')}
          </a>{' '}
          <span className="quiet">{t('export.until', { at: momentText(made.expires_at) })}</span>
        </>
      )}
      {made.state === 'failed' && <span className="quiet"> {name('export_reason', made.reason)}</span>}
    </li>
  )
}
