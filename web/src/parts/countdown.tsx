import { Tooltip } from 'antd'
import { useToday } from '../app/today'
import { useSpeech } from '../i18n'
import { Clause } from './clause'
import { dayText, daysBetween, urgency } from './moment'

export interface Deadline {
  /** The last day. */
  due_on: string
  /** Since when it runs. */
  since?: string | null
  /** The clause that sets it. */
  clause?: string | null
  /** What happens when it passes. */
  at_expiry?: string | null
  /** Who may move it, or that nobody may; nothing is said where that is unknown. */
  movable?: { text: string; clause?: string } | null
  /** How its days are counted. */
  counts?: 'natural' | 'working'
  /** The calendar of working days ends before it. */
  provisional?: boolean
}

interface Props {
  deadline: Deadline
  /** How long is left and until when. */
  compact?: boolean
  /** How long is left and by which clause. */
  brief?: boolean
}

/** A deadline that the regulation sets: how long is left, until when, since when, by which clause, and what then. */
export function Countdown({ deadline, compact = false, brief = false }: Props) {
  const { t } = useSpeech()
  const today = useToday()
  const left = daysBetween(today, deadline.due_on)
  const words =
    left < 0 ? t('countdown.over', { n: -left }) : left === 0 ? t('countdown.today') : t('countdown.left', { n: left })
  const due = t('countdown.due', { date: dayText(deadline.due_on) })
  const pill = <span className={`countdown-left tone-${urgency(left)}`}>{words}</span>
  const clause = deadline.clause && <Clause ids={deadline.clause} />
  if (brief) {
    return (
      <span className="countdown">
        {pill}
        {clause}
      </span>
    )
  }
  if (compact) {
    return (
      <span className="countdown">
        {pill}
        <span className="quiet nowrap">{dayText(deadline.due_on)}</span>
        {clause}
      </span>
    )
  }
  return (
    <span className="countdown">
      {pill}
      <span className="nowrap">{due}</span>
      {deadline.counts && <span className="quiet">{t(`countdown.${deadline.counts}`)}</span>}
      {deadline.provisional && (
        <Tooltip title={t('countdown.provisional_hint')}>
          <span className="countdown-left tone-warn" tabIndex={0}>
            {t('countdown.provisional')}
          </span>
        </Tooltip>
      )}
      {clause}
      {(deadline.since || deadline.at_expiry || deadline.movable) && (
        <span className="countdown-more">
          {[
            deadline.since && t('countdown.start', { date: dayText(deadline.since) }),
            deadline.at_expiry && t(left < 0 ? 'countdown.expired' : 'countdown.at_expiry', { text: deadline.at_expiry }),
            deadline.movable?.text,
          ]
            .filter(Boolean)
            .join(t('countdown.stop'))}{' '}
          {deadline.movable?.clause && <Clause ids={deadline.movable.clause} />}
        </span>
      )}
    </span>
  )
}
