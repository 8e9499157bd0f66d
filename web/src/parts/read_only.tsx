// What the portal is to a channel that has left: read, and no more but what is owed (CH-33.3).

import { LockOutlined } from '@ant-design/icons'
import { useSpeech } from '../i18n'
import { Clause } from './clause'

export function ReadOnly({ words }: { words: string }) {
  const { t } = useSpeech()
  return (
    <div className="note tone-note" role="note">
      <LockOutlined aria-hidden /> <strong>{t('portal.read_only')}</strong> {words} <Clause ids="CH-33.3" />
    </div>
  )
}
