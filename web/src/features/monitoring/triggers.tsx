// What a channel fell short of (CH-23).

import type { ReactNode } from 'react'
import { StatusTag } from '../../parts/status_tag'

interface Props {
  triggers: string[]
  /** What is said where it fell short of nothing. */
  none: ReactNode
}

export function Triggers({ triggers, none }: Props) {
  if (triggers.length === 0) return none
  return (
    <span className="chips">
      {triggers.map((one) => (
        <StatusTag key={one} family="word.triggers" state={one} tone="bad" />
      ))}
    </span>
  )
}
