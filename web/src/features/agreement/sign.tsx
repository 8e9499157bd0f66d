// Signing an agreement, or the registration of the key that will sign one (CH-25.2): what is signed is the statement that
// the platform made of it.

import { useSpeech } from '../../i18n'
import { SignSteps } from '../../parts/sign_steps'
import type { Matter } from '../matter/wire'

export function Sign({ matter }: { matter: Matter }) {
  const { t } = useSpeech()
  const statement = (matter.body as { statement?: string } | null)?.statement ?? ''
  return <SignSteps statement={statement} file={`${t('sign.file')}-${matter.channel_number ?? matter.matter_id}.txt`} />
}
