// What waits for whom among all business in sight, and what of it is late, with the clause that says so.

import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { consoleOf, useSession } from '../../app/session'
import { useToday } from '../../app/today'
import { useSpeech } from '../../i18n'
import { Countdown } from '../../parts/countdown'
import { Panel } from '../../parts/page'
import { Failure, Loading } from '../../parts/states'
import { walk } from '../../parts/walk'
import { ChannelLink } from '../matter/refer'
import { Party, useTask } from '../matter/wait_view'
import { candidates, type Late, type Load, lateMatters, lateOf, loads } from '../matter/watch'
import { fetchMatters, type Matter } from '../matter/wire'

/** Most open matters that are looked through. */
const MOST = 2000
/** Late ones that are named. */
const NAMED = 6
/** The whole list is looked through: on a visit, and on coming back to the page, but no more often than this. */
const FRESH_MS = 300_000

export function Watch() {
  const { t } = useSpeech()
  const today = useToday()
  const { data, error, refetch } = useQuery({
    queryKey: ['matter', 'open'],
    queryFn: () => walk<Matter>({ fetch: fetchMatters, filters: [], values: { ended: 'false' } }, { from: undefined, want: MOST }),
    staleTime: FRESH_MS,
    refetchOnWindowFocus: true,
  })
  const late = lateOf(data?.rows ?? [], today)
  return (
    <Panel title={t('watch.title')} extra={<Link to="/matters?ended=false">{t('watch.more')}</Link>}>
      {error && <Failure error={error} retry={() => void refetch()} />}
      {!data && !error && <Loading />}
      {data && (
        <div className="watch">
          <Parties loads={loads(data.rows, today)} isCut={data.next !== undefined} />
          <LateOnes late={late} isCut={data.next !== undefined} />
        </div>
      )}
      {data && <Candidates matters={data.rows} isCut={data.next !== undefined} />}
      {data?.next !== undefined && <p className="quiet">{t('watch.cut', { n: data.seen })}</p>}
    </Panel>
  )
}

/** One line for each party; a bar is as long as its work, and red as far as that is late. */
function Parties({ loads: all, isCut }: { loads: Load[]; isCut: boolean }) {
  const { t, name } = useSpeech()
  const count = useCount(isCut)
  const largest = Math.max(1, ...all.map((one) => one.all))
  const share = (count: number) => ({ width: `${(count / largest) * 100}%` })
  return (
    <ul className="loads" aria-label={t('watch.parties')}>
      {all.map(({ party, all: whole, overdue, soon }) => (
        <li key={party} data-party={party}>
          <Link to={`/matters?ended=false&waits=${party}`}>{name('party', party)}</Link>
          <span className="load-bar" aria-hidden="true">
            <span className="load-overdue" style={share(overdue)} />
            <span className="load-soon" style={share(soon)} />
            <span className="load-rest" style={share(whole - overdue - soon)} />
          </span>
          <span className="load-counts">
            <span>{t('watch.waiting', { n: count(whole) })}</span>
            {overdue > 0 && (
              <Link className="countdown-left tone-bad" to={`/matters?ended=false&waits=${party}&due=overdue`}>
                {t('watch.overdue', { n: count(overdue) })}
              </Link>
            )}
            {soon > 0 && <span className="countdown-left tone-warn">{t('watch.soon', { n: count(soon) })}</span>}
          </span>
        </li>
      ))}
    </ul>
  )
}

/** What a forced exit could be founded on; it is the operator's and the ministry's to decide (CH-35.0). */
function Candidates({ matters, isCut }: { matters: Matter[]; isCut: boolean }) {
  const { t, name } = useSpeech()
  const count = useCount(isCut)
  const today = useToday()
  const seat = consoleOf(useSession().staff.role)
  if (seat !== 'operator' && seat !== 'ministry') return null
  return (
    <div className="gap-above">
      <h3>{t('watch.candidates')}</h3>
      <ul className="counts">
        {candidates(matters, today).map(({ kind, about, clause, count: n }) => (
          <li key={kind} className={n > 0 ? 'tone-warn note' : 'tone-calm note'}>
            <Link to={`/matters?ended=false&kind=${kind}&${about}`}>
              {name('kind', kind)} · {name('candidate', kind)}
            </Link>{' '}
            {t('watch.waiting', { n: count(n) })} <span className="clause">{clause}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** A number as it is said: of a part of the list it is the least that there is. */
function useCount(isCut: boolean): (n: number) => string {
  const { t } = useSpeech()
  return (n) => (isCut ? t('watch.at_least', { n }) : String(n))
}

function LateOnes({ late, isCut }: { late: Late[]; isCut: boolean }) {
  const { t } = useSpeech()
  const count = useCount(isCut)
  if (late.length === 0) return <p className="quiet">{t(isCut ? 'watch.none_late_yet' : 'watch.nothing_late')}</p>
  const n = count(lateMatters(late))
  return (
    <div>
      <h3>{t('watch.late', { n })}</h3>
      <ul className="late">
        {late.slice(0, NAMED).map(({ matter, wait, others }) => (
          <li key={`${matter.matter_id} ${wait.party}`}>
            <span className="late-what">
              <Link to={`/matters/${matter.matter_id}`}>{matter.title}</Link>
              {matter.channel_id && (
                <>
                  {' · '}
                  <ChannelLink matter={matter} />
                </>
              )}
            </span>
            <span className="late-why">
              <Waits kind={matter.kind} wait={wait} others={others} /> <Countdown brief deadline={{ due_on: wait.due_on ?? '', clause: wait.clause }} />
            </span>
          </li>
        ))}
      </ul>
      {late.length > NAMED && <Link to="/matters?ended=false&due=overdue">{t('watch.all_late', { n })}</Link>}
    </div>
  )
}

function Waits({ kind, wait, others }: { kind: string; wait: Late['wait']; others: number }) {
  const task = useTask(kind)
  return (
    <span className="quiet">
      <Party wait={wait} />
      {others > 0 && ` +${others}`} {task(wait.task)}
    </span>
  )
}
