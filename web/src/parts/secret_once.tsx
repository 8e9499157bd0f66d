import { Alert, Button } from 'antd'
import { useSpeech } from '../i18n'
import { useCopy } from './copy'
import { Dialog } from './dialog'

interface Props {
  title: string
  secret: string
  /** Whom or what it belongs to. */
  about: string
  close: () => void
}

/** A secret that the platform tells once. It is closed by saying that it was kept, not by a click beside it. */
export function SecretOnce({ title, secret, about, close }: Props) {
  const { t } = useSpeech()
  const copy = useCopy()
  return (
    <Dialog
      open
      title={title}
      closable={false}
      keyboard={false}
      mask={{ closable: false }}
      footer={[
        <Button key="copy" onClick={() => void copy(secret)}>
          {t('action.copy')}
        </Button>,
        <Button key="kept" type="primary" onClick={close}>
          {t('secret.kept')}
        </Button>,
      ]}
    >
      <Alert type="warning" showIcon title={t('secret.once')} className="gap-below" />
      <p className="gap-below">{about}</p>
      <code className="secret">{secret}</code>
    </Dialog>
  )
}
