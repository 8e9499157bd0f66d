// What a text is for a channel, and what has no value there.

import { useSpeech } from '../../i18n'
import type { Schemas } from '../../api/client'

export function Filled({ filled: { text, absent } }: { filled: Schemas['FilledAgreementTemplate'] }) {
  const { t } = useSpeech()
  return (
    <div className="gap-above">
      {absent.length > 0 && <p className="tone-warn note gap-below">{t('template.absent', { names: absent.join('、') })}</p>}
      <div className="document written" tabIndex={0} role="region" aria-label={t('template.filled')}>
        {text}
      </div>
    </div>
  )
}
