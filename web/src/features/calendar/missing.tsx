// The warning that the next year is not entered, for those who run the platform and those who can enter it.

import { Alert } from 'antd'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { useHolds } from '../../app/session'
import { useSpeech } from '../../i18n'
import { useCalendar } from './use_calendar'

export function MissingYear() {
  const { t } = useSpeech()
  return useHolds()('config.read') ? <Missing action={<Link to="/calendar">{t('nav.calendar')}</Link>} /> : null
}

/** Nothing while nothing is missing. */
export function Missing({ action }: { action?: ReactNode }) {
  const { t } = useSpeech()
  const { data } = useCalendar()
  const year = data?.missing_year
  if (year == null) return null
  const isWaiting = data?.data.some((one) => one.year === year && one.state === 'proposed')
  return (
    <Alert
      type="warning"
      showIcon
      role="status"
      className="gap-below"
      title={t(isWaiting ? 'calendar.missing_waits' : 'calendar.missing', { year })}
      description={t('calendar.missing_means', { until: data?.until_on ?? '' })}
      action={action}
    />
  )
}
