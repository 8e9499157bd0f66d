// Somebody else was faster: who, when, what they did, and what differs. What was filled in stays; it is sent again on top of
// what there is now.

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { Refused } from '../../api/client'
import { useSpeech } from '../../i18n'
import { Dialog } from '../../parts/dialog'
import { type Difference, differences } from '../../parts/differences'
import { Failure, Loading } from '../../parts/states'
import { Timeline } from '../../parts/timeline'
import { useShow } from './body'
import { useHistory } from './history'
import { fieldOf } from './naming'
import { askMatter, type Matter } from './wire'

/** The platform has another version than the one that was acted on. */
export const isStale = (refused: unknown): boolean => refused instanceof Refused && refused.problem.code === 'resource.stale'

interface About {
  /** As it was when it was acted on. */
  matter: Matter | undefined
  /** What was filled in, and what the matter says in its place; without it what has changed is shown. */
  mine?: { filled: () => unknown; kept: (latest: Matter) => unknown }
  /** Takes up the newest. */
  take?: (latest: Matter) => void
}

export interface Meeting {
  /** Whether what was thrown is a conflict, which is then shown. */
  meets: (refused: unknown) => boolean
  dialog: ReactNode
}

export function useConflict({ matter, mine, take }: About): Meeting {
  const client = useQueryClient()
  const [seen, setSeen] = useState<Matter | null>(null)
  const meets = (refused: unknown) => {
    if (!matter || !isStale(refused)) return false
    setSeen(matter)
    return true
  }
  const takeUp = (latest: Matter) => {
    client.setQueryData(['matter', latest.matter_id], latest)
    take?.(latest)
    setSeen(null)
  }
  const dialog = seen && <Conflict seen={seen} mine={mine} take={takeUp} close={() => setSeen(null)} />
  return { meets, dialog }
}

interface Props {
  seen: Matter
  mine: About['mine']
  take: (latest: Matter) => void
  close: () => void
}

function Conflict({ seen, mine, take, close }: Props) {
  const { t } = useSpeech()
  const { data: latest, error, refetch } = useQuery({
    queryKey: ['matter', seen.matter_id, 'latest', seen.version],
    queryFn: () => askMatter(seen.matter_id),
    staleTime: 0,
    gcTime: 0,
  })
  return (
    <Dialog
      open
      title={t('conflict.title')}
      width={720}
      zIndex={1050}
      okText={t('conflict.take')}
      okButtonProps={{ disabled: !latest }}
      onOk={() => latest && take(latest)}
      cancelText={t('action.close')}
      onCancel={close}
    >
      {error ? <Failure error={error} retry={() => void refetch()} /> : latest ? <Told seen={seen} latest={latest} mine={mine} /> : <Loading />}
    </Dialog>
  )
}

function Told({ seen, latest, mine }: { seen: Matter; latest: Matter; mine: About['mine'] }) {
  const { t, name } = useSpeech()
  const history = useHistory()
  const known = new Set(seen.timeline.map((step) => step.number))
  const since = { ...latest, timeline: latest.timeline.filter((step) => !known.has(step.number)) }
  const found = mine ? differences(mine.kept(latest), mine.filled()) : differences(seen.body, latest.body)
  return (
    <>
      <p className="gap-below">{t('conflict.lead')}</p>
      {seen.state !== latest.state && (
        <p className="note tone-warn gap-below">{t('conflict.state', { state: name(`state.${latest.kind}`, latest.state) })}</p>
      )}
      <h3>{t('conflict.who')}</h3>
      <div className="gap-below">{since.timeline.length > 0 ? <Timeline entries={history(since)} /> : <p className="quiet">{t('conflict.unknown')}</p>}</div>
      <h3>{t(mine ? 'conflict.mine' : 'conflict.changed')}</h3>
      <Lines matter={latest} found={found} heads={mine ? ['conflict.theirs', 'conflict.my_own'] : ['conflict.before', 'conflict.after']} />
    </>
  )
}

interface LinesProps {
  matter: Matter
  found: Difference[]
  heads: [Head, Head]
}

type Head = 'conflict.theirs' | 'conflict.my_own' | 'conflict.before' | 'conflict.after'

function Lines({ matter, found, heads }: LinesProps) {
  const { t, name } = useSpeech()
  const show = useShow(matter)
  if (found.length === 0) return <p className="quiet">{t('conflict.none')}</p>
  const value = (field: string, told: unknown) => (told === undefined || told === null || told === '' ? '—' : show(field, told))
  return (
    <table className="figures">
      <thead>
        <tr>
          <th scope="col">{t('conflict.field')}</th>
          {heads.map((head) => (
            <th key={head} scope="col">
              {t(head)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {found.map(({ at, from, to }) => {
          const field = String(at.findLast((part) => typeof part === 'string') ?? '')
          return (
            <tr key={at.join('/')}>
              <th scope="row">{fieldOf(name, matter.kind, at)}</th>
              <td>{value(field, from)}</td>
              <td>{value(field, to)}</td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
