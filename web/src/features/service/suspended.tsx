// What localities have suspended of what they opened, until it is put right (ND-3.5e).

import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { api, ask, type Schemas } from '../../api/client'
import { useDivisions } from '../../app/divisions'
import { useSpeech } from '../../i18n'
import { useChannels } from '../../parts/choose'
import { Clause } from '../../parts/clause'
import { momentText } from '../../parts/moment'
import { walk } from '../../parts/walk'
import { stateOf } from './opening_state'
import { useServiceName } from './services'

type Opening = Schemas['OpeningView']

/** Most openings that are looked through. */
const MOST = 2000

/** Every opening in sight, closed ones included. */
export function useOpenings() {
  return useQuery({
    queryKey: ['opening', 'all'],
    queryFn: () => {
      const fetch = ({ cursor }: { cursor?: string }) => ask(api.GET('/api/v1/openings', { params: { query: { limit: 200, cursor } } }))
      return walk<Opening>({ fetch, filters: [], values: {} }, { from: undefined, want: MOST })
    },
  })
}

/** What is suspended now, of one channel or of all in sight; nothing where nothing is. */
export function SuspendedOpenings({ channel_id }: { channel_id?: string }) {
  const { t } = useSpeech()
  const divisions = useDivisions()
  const called = useServiceName()
  const channels = useChannels()
  const { data } = useOpenings()
  const found = (data?.rows ?? []).filter((one) => stateOf(one) === 'suspended' && (!channel_id || one.caller_id === channel_id))
  if (found.length === 0) return null
  return (
    <div className="note withheld tone-bad gap-below">
      <strong>{t('opening.suspended')}</strong>
      <ul aria-label={t('opening.suspended')}>
        {found.map((one) => (
          <li key={one.opening_id}>
            {!channel_id && `${channels.find((channel) => channel.channel_id === one.caller_id)?.name ?? one.caller_id}：`}
            {t('opening.suspended_since', { service: called(one.service), place: divisions.name(one.division), at: momentText(one.suspended_at) })}{' '}
            {one.rectification_id && <Link to={`/matters/${one.rectification_id}`}>{t('rectification.see')}</Link>} <Clause ids="ND-3.5e" />
          </li>
        ))}
      </ul>
    </div>
  )
}
