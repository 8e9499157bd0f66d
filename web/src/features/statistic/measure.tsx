// One measure of CH-23 as a gauge.

import type { Schemas } from '../../api/client'
import { type Speaker, useSpeech } from '../../i18n'
import type { Gauge } from './standing'

/** One measure: the number, its line, and a bar that is full where the line is. */
export function Measure({ gauge, thresholds }: { gauge: Gauge; thresholds: Schemas['MonitoringThresholds'] }) {
  const { t, name } = useSpeech()
  const { trigger, value, line, isMet } = gauge
  const tone = isMet ? 'bad' : gauge.nearness >= NEAR ? 'warn' : 'good'
  const isLeast = trigger !== 'falls'
  const unit = trigger === 'active_users' || trigger === 'commitment' ? '%' : ''
  // A least is fulfilled by going beyond it: the line stands in the middle. A run is used up by reaching it.
  const filled = value === null ? 0 : isLeast ? Math.min(1, value / line / 2) : Math.min(1, value / line)
  return (
    <li data-trigger={trigger}>
      <span>{t(`own.${trigger}`, words(thresholds))}</span>
      <span className="gauge-value">
        <strong>{value === null ? '—' : value.toLocaleString('en-US')}</strong>
        {value === null ? '' : unit}
        <span className="quiet"> / {line.toLocaleString('en-US')}{unit}</span>
      </span>
      <span className="gauge-bar" aria-hidden="true">
        <span className={`gauge-fill gauge-${tone}`} style={{ width: `${filled * 100}%` }} />
        {isLeast && <span className="gauge-line" />}
      </span>
      <span className={`countdown-left tone-${value === null ? 'calm' : tone}`}>
        {value === null ? t('own.unmeasured') : isMet ? name('word.triggers', trigger) : t(tone === 'warn' ? 'own.near' : 'own.far')}
      </span>
    </li>
  )
}

/** From here on a line is near. */
const NEAR = 0.5

function words(thresholds: Schemas['MonitoringThresholds']): Parameters<Speaker['t']>[1] {
  return {
    months: thresholds.issuance_window_months,
    drop: thresholds.drop_basis_points / 100,
  }
}
