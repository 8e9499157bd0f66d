import { useDivisions } from '../../app/divisions'
import { useSpeech } from '../../i18n'
import { Countdown } from '../../parts/countdown'
import { momentText } from '../../parts/moment'
import { taskOf } from './naming'
import type { Wait } from './wire'

/** For whom a matter waits: party, place, task, since when, until when, and what then. */
export function WaitView({ kind, wait }: { kind: string; wait: Wait }) {
  const { t } = useSpeech()
  const expiry = useExpiry(kind)
  return (
    <div className="wait">
      <p>
        <strong>
          <Party wait={wait} />
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
            at_expiry: expiry(wait.expiry),
          }}
        />
      ) : (
        <p className="quiet">
          {wait.since && t('countdown.start', { date: momentText(wait.since) })} · {t('matter.no_limit')}
        </p>
      )}
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

function useExpiry(kind: string): (expiry: string | null | undefined) => string | null {
  const { t, name } = useSpeech()
  return (expiry) => {
    if (!expiry) return null
    return expiry === 'recorded' ? t('matter.recorded') : t('matter.acts', { action: name(`act.${kind}`, expiry) })
  }
}
