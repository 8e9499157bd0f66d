// The state of a matter as a word on a coloured ground.

import { Tag } from 'antd'
import { useSpeech } from '../../i18n'
import { StatusTag } from '../../parts/status_tag'
import { Grade } from '../risk_event/risk'
import { isReturned, type Stated, toneOf } from './tone'

/** The state in words, for exports too. */
export function useStateText(): (matter: Stated) => string {
  const { t, name } = useSpeech()
  return (matter) => (isReturned(matter) ? t('matter.returned') : name(`state.${matter.kind}`, matter.state))
}

export function MatterState({ matter }: { matter: Stated }) {
  const { t } = useSpeech()
  if (isReturned(matter)) {
    return (
      <Tag className="tone-warn" variant="filled">
        {t('matter.returned')}
      </Tag>
    )
  }
  const state = <StatusTag family={`state.${matter.kind}`} state={matter.state} tone={toneOf(matter)} />
  if (!matter.risk) return state
  return (
    <span className="tags">
      <Grade risk={matter.risk} />
      {state}
    </span>
  )
}
