// What happened to a matter, as people read it: the steps that say something, newest first.

import { useSpeech } from '../../i18n'
import type { Entry } from '../../parts/timeline'
import type { Matter } from './wire'

type Step = Matter['timeline'][number]

/** Of drafts that were kept one after another the last one tells enough. */
const isKept = (step: Step | undefined) => step?.action === 'save' || step?.action === 'save_formal'

export function useHistory(): (matter: Matter) => Entry[] {
  const { t, name, language } = useSpeech()
  const title = (kind: string, step: Step) => {
    if (step.action === 'open') return t('matter.started')
    // The end of an improvement period is no failure: what follows it is the next evaluation.
    if (kind === 'monitoring' && step.action === 'overdue.improve') return t('monitoring.over')
    if (step.action.startsWith('overdue.')) return t('matter.expired')
    return (language === 'en' ? step.label_en : step.label_zh) ?? name('step_of', step.action)
  }
  return ({ kind, timeline }) => {
    const told = timeline.filter((step, place) => !(isKept(step) && isKept(timeline[place + 1])))
    const entries = told.map((step) => ({
      key: String(step.number),
      at: step.at,
      title: title(kind, step),
      actor: `${step.org_name ?? name('party', step.party)}${step.in_place_of ? t('delegation.mark') : ''}`,
      words: step.words,
    }))
    return entries.reverse()
  }
}
