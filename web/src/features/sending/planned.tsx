// A sending that begins later: how long that is, taking it back, and why it did not begin.

import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useSpeech } from '../../i18n'
import { Countdown } from '../../parts/countdown'
import { FormDialog } from '../../parts/form_dialog'
import { momentText } from '../../parts/moment'
import { Facts, Panel } from '../../parts/page'
import { StatusTag } from '../../parts/status_tag'
import { SENDING_TONES } from './progress'
import { cancelSending, type Sending } from './wire'

/** What is to be known of one that has told nobody. */
export function Planned({ sending }: { sending: Sending }) {
  const { t, name, language } = useSpeech()
  const { state, send_at, ended_at, failure, kind } = sending
  return (
    <Panel>
      <Facts
        facts={[
          { label: t('list.state'), value: <StatusTag family="sending_state" state={state} tone={SENDING_TONES[state]} /> },
          { label: t('matter.kind'), value: name('sending_kind', kind) },
          { label: t('sending.send_at'), value: momentText(send_at) },
          state === 'planned' && send_at
            ? { label: t('sending.begins'), value: <Countdown deadline={{ due_on: send_at }} brief /> }
            : { label: t('sending.ended_at'), value: momentText(ended_at) },
        ]}
      />
      {state === 'planned' && <p className="note gap-above tone-note">{t('sending.waits')}</p>}
      {failure && (
        <p className="note gap-above tone-bad" role="alert">
          {t('sending.failed', { why: language === 'en' ? failure.en : failure.zh })}
        </p>
      )}
    </Panel>
  )
}

/** Takes it back, after a question. */
export function Cancel({ sending }: { sending: Sending }) {
  const { t } = useSpeech()
  const client = useQueryClient()
  const [isAsked, setAsked] = useState(false)
  const submit = async () => {
    await cancelSending(sending.sending_id)
    await client.invalidateQueries({ queryKey: ['sending'] })
  }
  return (
    <>
      <Button danger onClick={() => setAsked(true)}>
        {t('sending.cancel')}
      </Button>
      {isAsked && (
        <FormDialog title={t('sending.cancel')} okText={t('sending.cancel')} submit={submit} close={() => setAsked(false)}>
          <p>{t('sending.cancel_what', { title: sending.title, at: momentText(sending.send_at) })}</p>
        </FormDialog>
      )}
    </>
  )
}
