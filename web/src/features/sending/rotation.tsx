// How far the channels of a rotation have come, as their keys say: all of them as a picture, and each in its row.

import { Link } from 'react-router'
import { useSpeech } from '../../i18n'
import { momentText } from '../../parts/moment'
import type { Column } from '../../parts/search_table'
import { StatusTag, type Tone } from '../../parts/status_tag'
import { labelOf } from '../matter/naming'
import { inStages, STAGES } from './progress'
import type { Entry, Sending } from './wire'

type Speech = ReturnType<typeof useSpeech>

const TONES: Record<string, Tone> = { not_begun: 'calm', drafted: 'warn', filed: 'warn', both: 'note', rotated: 'good' }

/** Of which usage, whose keys, and whether the old ones have to end. */
export function rotationFacts({ kind, content, audience }: Sending, name: Speech['name']) {
  if (kind !== 'key_rotation') return []
  const { usage, ends_old } = (content ?? {}) as { usage?: string; ends_old?: boolean }
  const before = audience?.registered_before
  return [
    { label: labelOf(name, 'key_rotation', 'usage'), value: usage && name('word.usage', usage) },
    { label: labelOf(name, 'key_rotation', 'done_when'), value: name('rotation_goal', ends_old ? 'ends_old' : 'works') },
    ...(before ? [{ label: labelOf(name, 'key_rotation', 'registered_before'), value: before }] : []),
  ]
}

/** How many channels stand at each stage, as one bar whose parts are named below it. */
export function Stages({ entries }: { entries: Entry[] }) {
  const { t } = useSpeech()
  const counts = inStages(entries)
  return (
    <div className="gap-above">
      <div className="stages" aria-hidden>
        {STAGES.map((stage) => counts[stage] > 0 && <span key={stage} className={`stage tone-${TONES[stage]}`} style={{ flexGrow: counts[stage] }} />)}
      </div>
      <ul className="stages-named" aria-label={t('rotation.stages')}>
        {STAGES.map((stage) => (
          <li key={stage}>
            <StatusTag family="rotation_stage" state={stage} tone={TONES[stage]} /> {counts[stage]}
          </li>
        ))}
      </ul>
    </div>
  )
}

/** How far a channel has come, and where it is helped on: its open key change, or its keys. */
export function rotationColumns(t: Speech['t'], name: Speech['name']): Column<Entry>[] {
  const stage = ({ rotation }: Entry) => (rotation ? name('rotation_stage', rotation.stage) : '')
  const ends = ({ rotation }: Entry) => (rotation?.old_ends_at ? momentText(rotation.old_ends_at) : '')
  return [
    {
      key: 'stage',
      title: t('rotation.stage'),
      render: ({ rotation }) => rotation && <StatusTag family="rotation_stage" state={rotation.stage} tone={TONES[rotation.stage]} />,
      text: stage,
    },
    {
      key: 'key',
      title: t('rotation.where'),
      render: ({ rotation, channel_id }) =>
        rotation?.change_matter_id ? (
          <Link to={`/matters/${rotation.change_matter_id}`}>{name('kind', 'key_change')}</Link>
        ) : (
          <Link to={`/channels/${channel_id}`}>{t('key.title')}</Link>
        ),
      text: ({ rotation }) => rotation?.change_matter_id ?? '',
    },
    { key: 'old_ends', title: t('rotation.old_ends'), render: (one) => ends(one) || <span className="quiet">—</span>, text: ends, isMoment: true },
  ]
}
