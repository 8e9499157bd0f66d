import { Tag } from 'antd'
import { useSpeech } from '../i18n'

export type Tone = 'good' | 'warn' | 'bad' | 'note' | 'calm'

/** What a state means for whoever reads a list: fine, look at it, stopped, going on, over. */
const TONES: Record<string, Tone> = {
  active: 'good',
  live: 'good',
  open: 'good',
  suspended: 'bad',
  partly_suspended: 'warn',
  leaving: 'warn',
  exited: 'calm',
  testing: 'note',
  blocked: 'bad',
  revoked: 'bad',
  terminated: 'calm',
  disabled: 'calm',
  retired: 'calm',
  closed: 'calm',
  retiring: 'warn',
}

interface Props {
  /** The set of words that the state is one of, such as `channel_state`. */
  family: string
  state: string
  tone?: Tone
}

/** A state as a word on a coloured ground; the word says it, the colour only helps. */
export function StatusTag({ family, state, tone }: Props) {
  const { name } = useSpeech()
  return (
    <Tag className={`tone-${tone ?? TONES[state] ?? 'note'}`} variant="filled">
      {name(family, state)}
    </Tag>
  )
}
