// A place for a file of a matter: what may be put there, how far it has come, what is there. It is a control of a form
// whose value is the id of the newest whole file, or the ids of all.

import { CloseOutlined, UploadOutlined } from '@ant-design/icons'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Progress as Bar } from 'antd'
import { type Ref, useEffect, useRef, useState } from 'react'
import { useSpeech } from '../i18n'
import { between } from '../i18n/between'
import { endingOf } from './ending'
import { FileLine } from './file_line'
import type { Progress } from './piecewise'
import { scrubbed } from './scrub'
import { fetchAttachments, giveUp, send } from './sending'
import { Failure } from './states'

/** What may be put in a place, by the endings of names; the platform looks at the content itself. */
const TAKEN = {
  scan: ['pdf', 'png', 'jpg', 'jpeg'],
  paper: ['pdf'],
  document: ['pdf', 'png', 'jpg', 'jpeg', 'docx', 'xlsx', 'pptx'],
  film: ['mp4', 'mov'],
  any: ['pdf', 'png', 'jpg', 'jpeg', 'mp4', 'mov', 'docx', 'xlsx', 'pptx'],
} as const

export type Takes = keyof typeof TAKEN

interface Props {
  matter_id: string
  purpose: string
  takes: Takes
  /** Given by the form item. */
  id?: string
  ref?: Ref<never>
  value?: string | string[]
  onChange?: (attachments: string | string[] | undefined) => void
  /** Several files belong here: the value lists them. */
  isMany?: boolean
  /** Others put files of this purpose here too, and the platform does not say whose one is: only what is sent from here is shown. */
  isShared?: boolean
  /** Of a picture only what can be seen in it is sent. */
  isScrubbed?: boolean
}

/** The files of a matter, and how many and how large ones it takes. */
export function useAttachments(matter_id: string) {
  return useQuery({ queryKey: ['matter', matter_id, 'attachments'], queryFn: () => fetchAttachments(matter_id) })
}

/** A number of bytes in the unit that people use for it. */
export function bytesText(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB'] as const
  const step = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10))
  const value = bytes / 1024 ** step
  return `${Number(value.toFixed(value < 10 && step > 0 ? 1 : 0))} ${units[step]}`
}

export function Upload({ matter_id, purpose, takes, id, ref, value, onChange, isMany = false, isShared = false, isScrubbed = false }: Props) {
  const { t, name, language } = useSpeech()
  const client = useQueryClient()
  const picker = useRef<HTMLInputElement>(null)
  const running = useRef<AbortController>(null)
  const { data } = useAttachments(matter_id)
  const [progress, setProgress] = useState<Progress | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [sent, setSent] = useState<string[]>([])
  const files = data?.data ?? []
  const here = files.filter((one) => one.purpose === purpose && (!isShared || sent.includes(one.attachment_id)))
  const whole = here.filter((one) => one.state === 'complete').map((one) => one.attachment_id)
  const next = isMany && whole.length > 0 ? whole : whole.at(-1)
  // Until it is known what is there, a value that was kept stands.
  const isKnown = data !== undefined
  useEffect(() => {
    if (isKnown && String(next) !== String(value)) onChange?.(next)
  }, [isKnown, next, value, onChange])
  // Nobody waits for what was going on when the page is left; what has arrived stays and may be gone on with.
  useEffect(() => () => running.current?.abort(), [])

  const refresh = () => client.invalidateQueries({ queryKey: ['matter', matter_id, 'attachments'] })
  const put = async (file: File) => {
    if (!(TAKEN[takes] as readonly string[]).includes(endingOf(file))) return setError(t('upload.wrong_type', { name: file.name }))
    if (file.size === 0 || (data && file.size > data.max_bytes)) return setError(t('upload.wrong_size', { name: file.name }))
    const controller = new AbortController()
    running.current = controller
    setError(null)
    setProgress({ stage: 'digest', share: 0 })
    try {
      const { attachment_id } = await send(isScrubbed ? await whatIsSeen(file) : file, { matter_id, purpose, known: files, signal: controller.signal, progress: setProgress })
      setSent((before) => [...before, attachment_id])
    } catch (refused) {
      if (!controller.signal.aborted) setError(refused)
    } finally {
      running.current = null
      setProgress(null)
      await refresh()
    }
  }
  const whatIsSeen = (file: File) =>
    scrubbed(file).catch(() => {
      throw t('upload.no_picture', { name: file.name })
    })
  const abandon = async (attachment_id: string) => {
    try {
      await giveUp(attachment_id)
    } catch (refused) {
      setError(refused)
    }
    await refresh()
  }
  const endings = [...new Set(TAKEN[takes].map((one) => (one === 'jpeg' ? 'jpg' : one).toUpperCase()))]
  const limits = t('upload.limits', {
    types: endings.join(between(language)),
    size: data ? bytesText(data.max_bytes) : '…',
  })
  return (
    <div className="upload">
      {here.map((one) => (
        <FileLine key={one.attachment_id} file={one} giveUp={progress ? undefined : () => void abandon(one.attachment_id)} />
      ))}
      {progress ? (
        <div className="upload-running">
          <span>{name('upload', progress.stage)}</span>
          <Bar percent={Math.floor(progress.share * 100)} size="small" aria-label={name('upload', progress.stage)} />
          <Button size="small" icon={<CloseOutlined aria-hidden />} onClick={() => running.current?.abort()}>
            {t('action.cancel')}
          </Button>
        </div>
      ) : (
        <div className="upload-choose">
          <Button id={id} ref={ref} icon={<UploadOutlined aria-hidden />} disabled={!data} onClick={() => picker.current?.click()}>
            {t(here.length > 0 ? 'upload.again' : 'upload.choose')}
          </Button>
          <span className="quiet">{limits}</span>
          {isScrubbed && <span className="quiet">{t('upload.scrubbed')}</span>}
        </div>
      )}
      <input
        ref={picker}
        type="file"
        hidden
        data-purpose={purpose}
        accept={TAKEN[takes].map((one) => `.${one}`).join(',')}
        onChange={(event) => {
          const [file] = event.target.files ?? []
          event.target.value = ''
          if (file) void put(file)
        }}
      />
      <div role="status">{typeof error === 'string' ? <p className="upload-wrong">{error}</p> : error !== null && <Failure error={error} />}</div>
    </div>
  )
}
