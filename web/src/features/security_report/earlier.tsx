// Reports of the same owner that are less than a year old: what they say need not be typed again (CH-28.5). Whether one may be
// used for this channel is decided by the platform.

import { useQuery } from '@tanstack/react-query'
import { Button, Form } from 'antd'
import { Link } from 'react-router'
import { useToday } from '../../app/today'
import { useSpeech } from '../../i18n'
import { dayAfter } from '../../parts/moment'
import { useNote } from '../../parts/use_draft'
import { askMatter, fetchMatters, type Matter } from '../matter/wire'
import { type Filed, laidOut, reusable } from './reuse'

const KIND = 'security_report'
/** Matters that are looked through, newest first. */
const MOST = 12
const YEAR_DAYS = 366

export function Earlier({ matter }: { matter: Matter }) {
  const { t } = useSpeech()
  const today = useToday()
  const form = Form.useFormInstance()
  const note = useNote()
  const { data = [] } = useQuery({
    queryKey: ['matter', KIND, 'earlier', matter.owner_id],
    queryFn: async () => {
      const { data: all } = await fetchMatters({ limit: 50, cursor: undefined, values: { kind: KIND } })
      const own = all.filter((one) => one.owner_id === matter.owner_id && reusable(one.state)).slice(0, MOST)
      return Promise.all(own.map(({ matter_id }) => askMatter(matter_id)))
    },
  })
  const since = dayAfter(today, -YEAR_DAYS)
  const found = data.flatMap((one) => {
    const filed = ((one.body ?? {}) as { filings?: Filed[] }).filings?.at(-1)
    return one.matter_id !== matter.matter_id && filed && filed.report.tested_on >= since ? [{ matter: one, report: filed.report }] : []
  })
  if (found.length === 0) return null
  const reuse = (report: Filed['report']) => {
    const changed = { report: laidOut(report) }
    form.setFieldsValue(changed)
    note(changed)
  }
  return (
    <div className="gap-below">
      <p className="quiet">{t('report.earlier')}</p>
      <ul className="reports">
        {found.map(({ matter: { matter_id, channel_name }, report }) => (
          <li key={matter_id}>
            <Link to={`/matters/${matter_id}`}>{report.number}</Link>
            <span>{report.lab.name}</span>
            <span className="quiet">
              {channel_name} · {report.tested_on}
            </span>
            <Button size="small" onClick={() => reuse(report)}>
              {t('report.reuse_this')}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  )
}
