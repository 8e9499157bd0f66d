// Whom a matter waits for.

import type { ReactNode } from 'react'
import { useDivisions } from '../../app/divisions'
import { useSpeech } from '../../i18n'
import { between } from '../../i18n/between'
import { Countdown } from '../../parts/countdown'
import { momentText } from '../../parts/moment'
import { silenceOf, taskOf } from './naming'
import type { Wait } from './wire'

/** As many lines about one task are read one by one. */
const FEW = 3

interface WaitsProps {
  kind: string
  waits: Wait[]
  /** What stands with each. */
  beside?: (wait: Wait) => ReactNode
}

/** Everybody a matter waits for; where many of a party are asked the same, they are counted and named on demand. */
export function Waits({ kind, waits, beside }: WaitsProps) {
  const groups = new Map<string, Wait[]>()
  for (const wait of waits) {
    const key = `${wait.party} ${wait.task} ${wait.due_on ?? ''}`
    groups.set(key, [...(groups.get(key) ?? []), wait])
  }
  return [...groups].flatMap(([key, group]) =>
    group.length > FEW
      ? [<ManyView key={key} kind={kind} waits={group} beside={beside} />]
      : group.map((wait) => (
          <WaitView key={`${key} ${wait.division}`} kind={kind} wait={wait}>
            {beside?.(wait)}
          </WaitView>
        )),
  )
}

function ManyView({ kind, waits, beside }: WaitsProps) {
  const { t, name } = useSpeech()
  const divisions = useDivisions()
  const [first] = waits
  if (!first) return null
  const party = t('matter.many_waits', { party: name('party', first.party), n: waits.length })
  return (
    <WaitView kind={kind} wait={first} party={party}>
      <details>
        <summary>{t('matter.which')}</summary>
        <ul className="quiet">
          {waits.map((wait) => (
            <li key={wait.division}>
              {divisions.name(wait.division ?? '')} {beside?.(wait)}
            </li>
          ))}
        </ul>
      </details>
    </WaitView>
  )
}

interface WaitProps {
  kind: string
  wait: Wait
  /** Whom it waits for, where that is more than one. */
  party?: string
  children?: ReactNode
}

/** For whom a matter waits: party, place, task, since when, until when, and what then. */
export function WaitView({ kind, wait, party, children }: WaitProps) {
  const { t } = useSpeech()
  const expiry = useExpiry(kind)
  const movable = useMovable()
  return (
    <div className="wait">
      <p>
        <strong>
          {party ?? <Party wait={wait} />}
        </strong>{' '}
        <span>{useTask(kind)(wait.task)}</span>
      </p>
      {wait.due_on ? (
        <Countdown
          deadline={{
            due_on: wait.due_on,
            since: wait.starts_on ?? wait.since,
            clause: wait.clause,
            provisional: wait.is_provisional,
            at_expiry: expiry(wait),
            movable: movable(wait),
          }}
        />
      ) : (
        <p className="quiet">
          {wait.since && t('countdown.start', { date: momentText(wait.since) })} · {t('matter.no_limit')}
        </p>
      )}
      {children}
    </div>
  )
}

/** Whose turn it is, such as 浙江省 · 省级人社部门. */
export function Party({ wait }: { wait: Pick<Wait, 'party' | 'division'> }) {
  const { name } = useSpeech()
  const divisions = useDivisions()
  const where = wait.division ? `${divisions.name(wait.division)} · ` : ''
  return <>{`${where}${name('party', wait.party)}`}</>
}

/** What is waited for, in words. */
export function useTask(kind: string): (task: string) => string {
  const { name } = useSpeech()
  return (task) => taskOf(name, kind, task)
}

/** Who may move a last day, by which clause (C21). */
function useMovable(): (wait: Wait) => { text: string; clause?: string } {
  const { t, name, language } = useSpeech()
  return ({ extension }) => {
    if (!extension) return { text: t('countdown.fixed') }
    const parties = extension.parties.map((party) => name('party', party)).join(between(language))
    return { text: t('countdown.movable', { parties }), clause: extension.clause }
  }
}

/** What happens when the last day passes; where somebody was asked, what their silence is taken for. */
function useExpiry(kind: string): (wait: Pick<Wait, 'expiry' | 'task'>) => string | null {
  const { t, name } = useSpeech()
  return ({ expiry, task }) => {
    if (!expiry) return null
    if (expiry !== 'recorded') return t('matter.acts', { action: name(`act.${kind}`, expiry) })
    return silenceOf(name, kind, task) ?? t('matter.recorded')
  }
}
