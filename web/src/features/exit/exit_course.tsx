// The course of an exit, step by step: what is done, what is next, by when, by which clause, and what is there already. What
// whoever looks may do now stands in the step that it carries on.

import { CheckOutlined, MinusOutlined } from '@ant-design/icons'
import type { ReactNode } from 'react'
import type { Schemas } from '../../api/client'
import { useSpeech } from '../../i18n'
import type { Action } from '../../parts/action_bar'
import { Clause } from '../../parts/clause'
import { Countdown } from '../../parts/countdown'
import { dayText } from '../../parts/moment'
import { Panel } from '../../parts/page'
import type { Matter } from '../matter/wire'

type Stage = Schemas['ExitStage']

/** What an exit has so far, as far as a step tells of it. */
interface Exit {
  voluntary?: { planned_on: string } | null
  consultation?: { asked: { opinion?: unknown }[] } | null
  transition?: { due_on: string } | null
  prompts?: { prompt: { reached: number; files: unknown[] } }[]
  announcement?: { url: string; until_on: string } | null
}

interface Props {
  matter: Matter
  actions: Action[]
  /** A bar of some of the actions. */
  bar: (actions: Action[]) => ReactNode
}

/** The actions that no step of the course shows. */
export function besides(matter: Matter, actions: Action[]): Action[] {
  const shown = (matter.course ?? []).filter(isCurrent).flatMap((stage) => stage.actions)
  return actions.filter(({ action }) => !shown.includes(action))
}

const isCurrent = ({ standing }: Stage) => standing === 'current'

export function ExitCourse({ matter, actions, bar }: Props) {
  const { t, name } = useSpeech()
  const course = matter.course ?? []
  const done = course.filter(({ standing }) => standing === 'done').length
  return (
    <Panel title={t('exit.course')} extra={<span className="quiet">{t('exit.course_done', { n: done, all: course.length })}</span>}>
      <ol className="wizard">
        {course.map((stage, place) => (
          <li key={stage.milestone} data-standing={stage.standing} aria-current={isCurrent(stage) ? 'step' : undefined}>
            <span className="wizard-mark" aria-hidden>
              <Mark stage={stage} place={place} />
            </span>
            <div>
              <p>
                <strong>{name('milestone', stage.milestone)}</strong>{' '}
                <span className="quiet">
                  {name('party', stage.party)} · {name('standing', stage.standing)}
                </span>
              </p>
              <When stage={stage} />
              <There stage={stage} matter={matter} />
              {isCurrent(stage) && <Acts actions={actions.filter(({ action }) => stage.actions.includes(action))} bar={bar} />}
            </div>
          </li>
        ))}
      </ol>
    </Panel>
  )
}

function Mark({ stage, place }: { stage: Stage; place: number }) {
  if (stage.standing === 'done') return <CheckOutlined />
  if (stage.standing === 'skipped') return <MinusOutlined />
  return place + 1
}

function Acts({ actions, bar }: Pick<Props, 'actions' | 'bar'>) {
  return actions.length > 0 ? <div className="gap-above">{bar(actions)}</div> : null
}

/** When it was done, or by when it has to be, and by which clause. */
function When({ stage: { done_on, due_on, clause } }: { stage: Stage }) {
  const { t } = useSpeech()
  if (due_on) return <Countdown compact deadline={{ due_on, clause }} />
  return (
    <p className="quiet">
      {done_on && <>{t('exit.done_on', { date: dayText(done_on) })} </>}
      <Clause ids={clause} />
    </p>
  )
}

/** What is there already. */
function There({ stage, matter }: { stage: Stage; matter: Matter }) {
  const { t } = useSpeech()
  const exit = (matter.body ?? {}) as Exit
  const say = (): ReactNode => {
    switch (stage.milestone) {
      case 'filed':
        return exit.voluntary && t('exit.there_filed', { date: dayText(exit.voluntary.planned_on) })
      case 'consulted': {
        const asked = exit.consultation?.asked ?? []
        return asked.length > 0 && t('exit.there_consulted', { n: asked.filter((one) => one.opinion).length, all: asked.length })
      }
      case 'notified':
      case 'confirmed':
        return exit.transition && t('exit.there_transition', { date: dayText(exit.transition.due_on) })
      case 'prompted': {
        const prompts = (exit.prompts ?? []).map((one) => one.prompt)
        if (prompts.length === 0) return isCurrent(stage) && t('exit.want_prompt')
        const reached = prompts.reduce((sum, one) => sum + one.reached, 0)
        const files = prompts.reduce((sum, one) => sum + one.files.length, 0)
        return t('exit.there_prompted', { n: prompts.length, reached, files })
      }
      case 'announced':
        if (!exit.announcement) return isCurrent(stage) && t('exit.want_announcement')
        return (
          <>
            <a href={exit.announcement.url} target="_blank" rel="noreferrer">
              {exit.announcement.url}
            </a>{' '}
            {t('exit.there_announced', { date: dayText(exit.announcement.until_on) })}
          </>
        )
      case 'closed':
        return t(stage.standing === 'done' ? 'exit.there_closed' : 'exit.want_closed')
      case 'certified':
        return isCurrent(stage) && t('exit.want_certificate')
      default:
        return null
    }
  }
  const said = say()
  return said ? <p>{said}</p> : null
}
