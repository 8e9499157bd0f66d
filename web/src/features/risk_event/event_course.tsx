// The course of a risk event on its own page: drawn, to be saved as a picture, and leading to the report that is printed.

import { DownloadOutlined, PrinterOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useMemo } from 'react'
import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'
import { useNavigate } from 'react-router'
import { usePreferences } from '../../app/preferences'
import { type Look, PAPER } from '../../app/theme'
import { useSpeech } from '../../i18n'
import { useAttempt } from '../../parts/attempt'
import { download } from '../../parts/export_button'
import { momentText } from '../../parts/moment'
import { MenuButton } from '../../parts/menu_button'
import { Panel } from '../../parts/page'
import { Failure } from '../../parts/states'
import { useMeasures } from '../channel/measures'
import { useHistory } from '../matter/history'
import { useTask } from '../matter/wait_view'
import type { Matter } from '../matter/wire'
import { type Course, courseOf, spanOf } from './course'
import { Picture } from './picture'

/** A picture is saved at twice its size, for paper. */
const SCALE = 2

const PICTURES = [
  { key: 'png' as const, label: 'PNG' },
  { key: 'svg' as const, label: 'SVG' },
]

/** A moment as the rules write it: microseconds or RFC 3339. */
const moment = (at: number | string): string => (typeof at === 'number' ? new Date(at / 1000).toISOString() : at)

export function useCourse(matter: Matter): Course {
  const { t } = useSpeech()
  const history = useHistory()
  const task = useTask(matter.kind)
  const { data: measures } = useMeasures(matter.channel_id ?? '')
  const { discovered_at } = (matter.body ?? {}) as { discovered_at?: number | string }
  return useMemo(() => {
    const steps = history(matter).map(({ key, at, title, actor, words }) => ({ key, at, title: String(title), actor: String(actor ?? ''), words: words ?? undefined }))
    const due = matter.waits.flatMap(({ task: asked, due_on }) =>
      due_on ? [{ key: `due ${asked}`, at: `${due_on}T23:59:59+08:00`, title: t('course.due', { task: task(asked) }), isDue: true }] : [],
    )
    const found = discovered_at ? [{ key: 'found', at: moment(discovered_at), title: t('course.found') }] : []
    const own = (measures ?? []).filter((one) => one.matter_id === matter.matter_id)
    const withheld = own.map((one) => ({ key: one.measure_id, from: one.opened_at, until: one.lifted_at ?? null }))
    return courseOf([...found, ...steps, ...due], withheld)
  }, [matter, measures, history, task, t, discovered_at])
}

export function useSpan(): (milliseconds: number) => string {
  const { t } = useSpeech()
  return (milliseconds) => {
    const parts = spanOf(milliseconds)
    return parts.length === 0 ? '' : `+${parts.map(([unit, n]) => t(`course.${unit}`, { n })).join(' ')}`
  }
}

export function EventCourse({ matter }: { matter: Matter }) {
  const { t } = useSpeech()
  const navigate = useNavigate()
  const { isDark, isHigh } = usePreferences()
  const course = useCourse(matter)
  const span = useSpan()
  const { attempt, isBusy, error } = useAttempt()
  const picture = (look: Look) => (
    <Picture course={course} title={matter.title} moment={momentText} span={span} withheld={t('incident.withheld')} look={look} />
  )
  const save = (kind: 'svg' | 'png') =>
    attempt(async () => {
      // Drawn anew for paper, whatever the screen looks like.
      const place = document.createElement('div')
      const root = createRoot(place)
      flushSync(() => root.render(picture(PAPER)))
      const drawn = new Blob([place.innerHTML], { type: 'image/svg+xml' })
      root.unmount()
      download(kind === 'svg' ? drawn : await png(drawn), `${matter.title}.${kind}`)
    })
  return (
    <Panel
      title={t('course.title')}
      extra={
        <span className="action-bar">
          <MenuButton items={PICTURES} choose={(kind) => void save(kind)} size="small" icon={<DownloadOutlined aria-hidden />} loading={isBusy}>
            {t('course.save')}
          </MenuButton>
          <Button size="small" icon={<PrinterOutlined aria-hidden />} onClick={() => void navigate(`/matters/${matter.matter_id}/report`)}>
            {t('course.report')}
          </Button>
        </span>
      }
    >
      {error !== null && <Failure error={error} />}
      <div className="course-place" tabIndex={0} role="region" aria-label={t('course.title')}>
        {picture({ isDark, isHigh })}
      </div>
    </Panel>
  )
}

/** The drawing as dots. */
async function png(drawn: Blob): Promise<Blob> {
  const url = URL.createObjectURL(drawn)
  try {
    const image = new Image()
    image.src = url
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = image.width * SCALE
    canvas.height = image.height * SCALE
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
    return await new Promise((resolve, reject) => {
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('canvas'))), 'image/png')
    })
  } finally {
    URL.revokeObjectURL(url)
  }
}
