// The way to a channel's next key, beside its keys: the change that is on its way, or the button that begins one.

import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { useHolds, useSession } from '../../app/session'
import { useSpeech } from '../../i18n'
import { OpenDialog } from '../matter/open'
import { CHANGES_KEY } from '../matter/openings'
import { fetchMatters } from '../matter/wire'

export function KeyChange({ channel_id, mayBegin }: { channel_id: string; mayBegin: boolean }) {
  const { t, name } = useSpeech()
  const holds = useHolds()
  const isOwner = useSession().staff.role === 'channel_admin' && holds('matter.act')
  const [isBeginning, setBeginning] = useState(false)
  const { data } = useQuery({
    queryKey: ['matter', CHANGES_KEY.kind, channel_id],
    queryFn: () => fetchMatters({ limit: 1, cursor: undefined, values: { kind: CHANGES_KEY.kind, channel_id, ended: 'false' } }),
    enabled: holds('matter.read'),
  })
  const open = data?.data[0]
  if (open) {
    return (
      <p className="gap-above">
        <Link to={`/matters/${open.matter_id}`}>{t('key.changing', { state: name('state.key_change', open.state) })}</Link>
        {isOwner && open.state === 'filed' && <span className="quiet"> {t('key.read_out')}</span>}
      </p>
    )
  }
  if (!data || !isOwner || !mayBegin) return null
  return (
    <p className="gap-above">
      <Button onClick={() => setBeginning(true)}>{t('key.change')}</Button>
      {isBeginning && <OpenDialog opener={CHANGES_KEY} channel_id={channel_id} close={() => setBeginning(false)} />}
    </p>
  )
}
