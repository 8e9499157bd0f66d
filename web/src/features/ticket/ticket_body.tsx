// A ticket as the conversation that it is; beside it what every kind says in its own way.

import { Link } from 'react-router'
import { useHolds } from '../../app/session'
import { useSpeech } from '../../i18n'
import { momentText } from '../../parts/moment'
import { Facts, Panel } from '../../parts/page'
import { Body } from '../matter/body'
import { labelOf } from '../matter/naming'
import { useSelf } from '../matter/self'
import type { Matter } from '../matter/wire'
import { requestOf } from './replies'

const KIND = 'ticket'

interface Entry {
  words: string
  by: { party: string }
  at: number | string
}

interface Ticket {
  entries?: Entry[]
  request?: string | null
}

/** A moment as the rules write it: microseconds or RFC 3339. */
const moment = (at: number | string): string => (typeof at === 'number' ? new Date(at / 1000).toISOString() : at)

export function TicketBody({ matter }: { matter: Matter }) {
  const { t, name } = useSpeech()
  const holds = useHolds()
  const { entries = [], request, ...rest } = (matter.body ?? {}) as Ticket
  const id = holds('channel.list') && matter.channel_id ? requestOf(request) : undefined
  return (
    <>
      <Panel title={t('ticket.thread')}>
        <Thread entries={entries} />
      </Panel>
      {request && (
        <Panel title={labelOf(name, KIND, 'request')}>
          <Facts
            facts={[
              {
                label: labelOf(name, KIND, 'request'),
                isWide: true,
                value:
                  id ? <Link to={`/channels/${matter.channel_id}?request=${id}`}>{request}</Link> : <span className="written">{request}</span>,
              },
            ]}
          />
          {id && <p className="quiet gap-above">{t('ticket.request_hint')}</p>}
        </Panel>
      )}
      <Body matter={{ ...matter, body: rest }} />
    </>
  )
}

/** Who said what, in the order in which it was said; one's own side stands right. */
function Thread({ entries }: { entries: Entry[] }) {
  const { name } = useSpeech()
  const { party } = useSelf()
  return (
    <ol className="thread">
      {entries.map(({ words, by, at }) => (
        <li key={`${by.party} ${at}`} data-own={by.party === party}>
          <p className="thread-head">
            <strong>{name('party', by.party)}</strong>{' '}
            <time className="quiet" dateTime={moment(at)}>
              {momentText(moment(at))}
            </time>
          </p>
          <blockquote className="written">{words}</blockquote>
        </li>
      ))}
    </ol>
  )
}
