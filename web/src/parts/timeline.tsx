import type { ReactNode } from 'react'
import { When } from './when'

export interface Entry {
  key: string
  at: string
  /** What happened. */
  title: ReactNode
  /** Who did it, as a role. */
  actor?: ReactNode
  /** What they wrote. */
  words?: string | null
}

/** What happened, newest first. */
export function Timeline({ entries }: { entries: Entry[] }) {
  return (
    <ol className="timeline">
      {entries.map((entry) => (
        <li key={entry.key}>
          <div className="timeline-head">
            <strong>{entry.title}</strong>
            {entry.actor && <span>{entry.actor}</span>}
            <When at={entry.at} className="quiet" />
          </div>
          {entry.words && <blockquote>{entry.words}</blockquote>}
        </li>
      ))}
    </ol>
  )
}
