// What words are for a channel, and what has no value there.

import type { Schemas } from '../../api/client'
import { useSpeech } from '../../i18n'

export function Filled({ filled: { subject, text, absent } }: { filled: Schemas['FilledTemplate'] }) {
  const { t } = useSpeech()
  return (
    <div className="gap-above gap-below">
      {absent.length > 0 && <p className="tone-warn note gap-below">{t('template.absent', { names: absent.join('、') })}</p>}
      <Document label={t('template.filled')} subject={subject ?? undefined} text={text} />
    </div>
  )
}

/** Words as a document, below their title if they have one. */
export function Document({ label, subject, text }: { label: string; subject?: string; text?: string }) {
  return (
    <div className="document written" tabIndex={0} role="region" aria-label={label}>
      {subject && (
        <p className="gap-below">
          <strong>{subject}</strong>
        </p>
      )}
      {text}
    </div>
  )
}
