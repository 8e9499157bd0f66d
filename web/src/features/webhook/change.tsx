// The way to another callback address, beside the endpoints: the change that is on its way, or the button that begins one.

import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import type { Schemas } from '../../api/client'
import { useHolds, useSession } from '../../app/session'
import { useSpeech } from '../../i18n'
import { OpenDialog } from '../matter/open'
import { CHANGES_CALLBACK } from '../matter/openings'
import { fetchMatters } from '../matter/wire'

export function CallbackChange({ channel }: { channel: Schemas['ChannelView'] }) {
  const { t, name } = useSpeech()
  const { channel_id, opens } = channel
  const holds = useHolds()
  const isOwner = useSession().staff.role === 'channel_admin' && holds('matter.act')
  const [isBeginning, setBeginning] = useState(false)
  const { data } = useQuery({
    queryKey: ['matter', CHANGES_CALLBACK.kind, channel_id],
    queryFn: () => fetchMatters({ limit: 1, cursor: undefined, values: { kind: CHANGES_CALLBACK.kind, channel_id, ended: 'false' } }),
    enabled: holds('matter.read'),
  })
  const open = data?.data[0]
  if (open) {
    return (
      <p className="gap-above">
        <Link to={`/matters/${open.matter_id}`}>{t('webhook.changing', { state: name('state.callback_change', open.state) })}</Link>
      </p>
    )
  }
  if (!data || !isOwner || !opens.includes(CHANGES_CALLBACK.kind)) return null
  return (
    <p className="gap-above">
      <Button onClick={() => setBeginning(true)}>{t('webhook.change')}</Button>
      {isBeginning && <OpenDialog opener={CHANGES_CALLBACK} channel_id={channel_id} close={() => setBeginning(false)} />}
    </p>
  )
}
