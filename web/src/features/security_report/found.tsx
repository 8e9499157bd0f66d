// What the rules find of each item of a report that waits for a review.

import { useSpeech } from '../../i18n'
import type { Matter } from '../matter/wire'
import { Clause } from '../../parts/clause'

const SIGNS: Record<string, { sign: string; tone: string; word: string }> = {
  true: { sign: '✓', tone: 'tone-good', word: 'holds' },
  false: { sign: '✕', tone: 'tone-bad', word: 'fails' },
  undefined: { sign: '…', tone: 'tone-calm', word: 'person' },
}

export function Found({ checklist }: { checklist: NonNullable<Matter['checklist']> }) {
  const { name } = useSpeech()
  return (
    <ul className="conditions gap-below">
      {checklist.map(({ item, clause, found }) => {
        const { sign = '', tone = '', word = '' } = SIGNS[String(found ?? undefined)] ?? {}
        return (
          <li key={item}>
            <span className={`sign ${tone}`} aria-hidden="true">
              {sign}
            </span>
            <span>
              {name('report_item', item)} <span className="quiet">{name('report_found', word)}</span> <Clause ids={clause} />
            </span>
          </li>
        )
      })}
    </ul>
  )
}
