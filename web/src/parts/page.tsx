import { type ReactNode, useEffect } from 'react'
import { useSpeech } from '../i18n'

interface Props {
  title: string
  /** One sentence on what this page is for. */
  lead?: ReactNode
  /** Where this page belongs, before its title. */
  above?: ReactNode
  /** What can be done on the page as a whole. */
  actions?: ReactNode
  children: ReactNode
}

/** The head of a page, with its one `<h1>`, and what follows. */
export function Page({ title, lead, above, actions, children }: Props) {
  const { t } = useSpeech()
  useEffect(() => {
    document.title = `${title} · ${t('app.name')}`
  }, [title, t])
  return (
    <>
      <div className="page-head">
        <div>
          {above && <div className="page-above">{above}</div>}
          <h1>{title}</h1>
          {lead && <p className="lead">{lead}</p>}
        </div>
        {actions && <div className="page-actions">{actions}</div>}
      </div>
      {children}
    </>
  )
}

/** A titled piece of a page. */
export function Panel({ title, extra, children }: { title?: ReactNode; extra?: ReactNode; children: ReactNode }) {
  return (
    <section className="panel">
      {title && (
        <div className="panel-head">
          <h2>{title}</h2>
          {extra}
        </div>
      )}
      {children}
    </section>
  )
}

export interface Fact {
  label: string
  value: ReactNode
  /** Takes a line of its own. */
  isWide?: boolean
}

/** Names and values, as a definition list. */
export function Facts({ facts }: { facts: (Fact | null | undefined | false)[] }) {
  return (
    <dl className="facts">
      {facts
        .filter((fact): fact is Fact => Boolean(fact))
        .map((fact, index) => (
          <div key={`${index} ${fact.label}`} className={fact.isWide ? 'wide' : undefined}>
            <dt>{fact.label}</dt>
            <dd>{fact.value ?? '—'}</dd>
          </div>
        ))}
    </dl>
  )
}
