// The agreement as a document to read, print and seal: the text of today, or one that is announced or was before.

import { FilePdfOutlined } from '@ant-design/icons'
import { App, Button } from 'antd'
import { useState } from 'react'
import { api, ask } from '../../api/client'
import { useSpeech } from '../../i18n'
import { said } from '../../parts/attempt'
import { download } from '../../parts/export_button'
import type { Matter } from '../matter/wire'

export function AgreementPaper({ matter, text, isSmall = false }: { matter: Matter; text?: { version: string; sm3: string }; isSmall?: boolean }) {
  const { t } = useSpeech()
  const { message } = App.useApp()
  const [isBusy, setBusy] = useState(false)
  const print = async () => {
    setBusy(true)
    try {
      const params = { path: { matter_id: matter.matter_id }, query: text && { sm3: text.sm3 } }
      const file = await ask(api.GET('/api/v1/matters/{matter_id}/agreement.pdf', { params, parseAs: 'blob' }))
      download(file as unknown as Blob, `${matter.title}${text ? ` ${text.version}` : ''}.pdf`)
    } catch (refused) {
      message.error(said(refused))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Button size={isSmall ? 'small' : undefined} icon={<FilePdfOutlined aria-hidden />} loading={isBusy} onClick={() => void print()}>
      {t('agreement.paper_download')}
    </Button>
  )
}
