// What a list tells of a risk event: its grade, and what is suspended for it.

import { Tag } from 'antd'
import { useSpeech } from '../../i18n'
import { between } from '../../i18n/between'
import type { Tone } from '../../parts/status_tag'
import type { Matter } from '../matter/wire'
import { useServiceName } from '../service/services'

type Risk = NonNullable<Matter['risk']>

const TONES: Record<string, Tone> = { '1': 'note', '2': 'warn', '3': 'bad' }

/** The grade in words; nobody has said one yet where there is none. */
export function useGradeText(): (risk: Risk | null | undefined) => string {
  const { t, name } = useSpeech()
  return (risk) => (risk ? (risk.grade ? name('grade', risk.grade) : t('grade.none')) : '')
}

/** What is suspended, in words; nothing where nothing is. */
export function useSuspendedText(): (risk: Risk | null | undefined) => string {
  const { name, language } = useSpeech()
  const called = useServiceName()
  return (risk) => {
    if (!risk?.withheld) return ''
    const services = risk.services ?? []
    return services.length > 0 ? services.map(called).join(between(language)) : name('word.withheld', risk.withheld)
  }
}

export function Grade({ risk }: { risk: Risk }) {
  const text = useGradeText()
  return (
    <Tag className={`tone-${TONES[risk.grade ?? ''] ?? 'calm'}`} variant="filled">
      {text(risk)}
    </Tag>
  )
}
