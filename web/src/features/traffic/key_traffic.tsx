// How often each signing key of a channel is used, beside its keys: the columns, and a word about those that should no
// longer be.

import { useQuery } from '@tanstack/react-query'
import type { TableColumnsType } from 'antd'
import { api, ask, type Schemas } from '../../api/client'
import { useSpeech } from '../../i18n'
import { momentText } from '../../parts/moment'
import { type KeyTraffic, lingering } from './key_use'

type KeyView = Schemas['KeyView']

/** Of a channel; a terminal's calls are not counted. */
export function useKeyTraffic(channel_id: string | undefined): KeyTraffic[] | undefined {
  const { data } = useQuery({
    queryKey: ['channel', channel_id, 'key_traffic'],
    queryFn: () => ask(api.GET('/api/v1/channels/{channel_id}/traffic/keys', { params: { path: { channel_id: channel_id ?? '' } } })),
    enabled: channel_id !== undefined,
  })
  return data?.keys
}

/** None before it is known. */
export function useKeyColumns(traffic: KeyTraffic[] | undefined): TableColumnsType<KeyView> {
  const { t } = useSpeech()
  if (!traffic) return []
  const used = (key: KeyView) => traffic.find((one) => one.key_id === key.key_id)
  const count = (calls: number | undefined) => calls?.toLocaleString('en-US') ?? '—'
  return [
    { title: t('traffic.yesterday'), key: 'yesterday', align: 'right', render: (_, key) => count(used(key)?.calls_yesterday) },
    { title: t('traffic.today'), key: 'today', align: 'right', render: (_, key) => count(used(key)?.calls_today) },
    { title: t('traffic.last'), key: 'last', render: (_, key) => momentText(used(key)?.last_called_at) },
  ]
}

export function StillUsed({ keys, traffic }: { keys: KeyView[]; traffic: KeyTraffic[] | undefined }) {
  const { t } = useSpeech()
  return lingering(keys, traffic ?? []).map(({ key, used }) => (
    <p key={key.key_id} className={`note gap-above tone-${key.state === 'retiring' ? 'warn' : 'bad'}`}>
      {t('traffic.still_used', {
        key: key.label ?? key.key_id,
        yesterday: used.calls_yesterday.toLocaleString('en-US'),
        today: used.calls_today.toLocaleString('en-US'),
        at: momentText(key.retires_at ?? key.revoked_at),
      })}
    </p>
  ))
}
