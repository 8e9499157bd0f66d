// How long the step usually takes in which an application is now.

import { useSpeech } from '../../i18n'
import { usualOf } from './days'
import { useDurations } from './durations'

export function Usual({ state }: { state: string }) {
  const { t } = useSpeech()
  const usual = usualOf(useDurations().data, state)
  if (!usual) return null
  return <p className="note tone-calm gap-above">{t('duration.usual', { median: usual.median, ninety: usual.ninety, n: usual.cases })}</p>
}
