// That another key of a channel is asked for: by which day, how long that is, and why.

import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { useHolds } from '../../app/session'
import { useSpeech } from '../../i18n'
import { Countdown } from '../../parts/countdown'
import { dayText } from '../../parts/moment'
import { askMatter, fetchMatters, type Matter } from '../matter/wire'

const KIND = 'key_rotation'

interface Asked {
  usage?: string
}

/** What is asked of the channel and not answered by its keys yet. */
export function Rotations({ channel_id }: { channel_id: string }) {
  const mayRead = useHolds()('matter.read')
  const { data = [] } = useQuery({
    queryKey: ['matter', KIND, channel_id],
    queryFn: async () => {
      const values = { kind: KIND, state: 'asked', channel_id }
      const { data } = await fetchMatters({ limit: 10, cursor: undefined, values })
      return Promise.all(data.map(({ matter_id }) => askMatter(matter_id)))
    },
    enabled: mayRead,
  })
  return data.map((matter) => <Rotation key={matter.matter_id} matter={matter} />)
}

function Rotation({ matter }: { matter: Matter }) {
  const { t, name } = useSpeech()
  const { usage = '' } = (matter.body ?? {}) as Asked
  const due_on = matter.waits.find(({ task }) => task === 'rotate')?.due_on
  if (!due_on) return null
  return (
    <p className="note gap-below tone-warn rotation">
      {t('rotation.asked', { usage: name('word.usage', usage), day: dayText(due_on) })} <Countdown deadline={{ due_on }} brief /> <Link to={`/matters/${matter.matter_id}`}>{matter.title}</Link>
    </p>
  )
}
