// 催办: whoever waits tells those whose turn it is, once a day. Who may is the platform's own answer.

import { useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useSpeech } from '../../i18n'
import { said } from '../../parts/attempt'
import { momentText } from '../../parts/moment'
import { remind, type Matter, type Wait } from './wire'

export function Remind({ matter, wait }: { matter: Matter; wait: Wait }) {
  const { t } = useSpeech()
  const { message } = App.useApp()
  const client = useQueryClient()
  const { may_remind: may, reminded_at: last, reminded_by: by } = wait
  const send = async () => {
    try {
      client.setQueryData(['matter', matter.matter_id], await remind(matter, wait))
      message.success(t('remind.done'))
    } catch (refused) {
      message.error(said(refused))
    }
  }
  if (!may && !last) return null
  return (
    <p className="remind">
      {may && (
        <Button size="small" onClick={() => void send()}>
          {t('remind.act')}
        </Button>
      )}
      {last && <span className="quiet"> {t('remind.last', { at: momentText(last), by: by ?? '' })}</span>}
    </p>
  )
}
