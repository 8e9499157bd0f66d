// The one timeline of a channel, by chapters, some entries at a time.

import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { type ReactNode, useMemo, useState } from 'react'
import { Link } from 'react-router'
import { api, ask, type Schemas } from '../../api/client'
import { useSpeech } from '../../i18n'
import { Panel } from '../../parts/page'
import { Failure, Nothing } from '../../parts/states'
import { type Entry, Timeline } from '../../parts/timeline'
import { walk } from '../../parts/walk'
import type { Matter } from '../matter/wire'
import { useMeasures, useWithheld } from './measures'
import { CHAPTERS, type Chapter, countsOf, storyOf, type Told } from './story'

/** Entries that are shown at a time. */
const PAGE = 20
/** Most records about the channel that are read. */
const MOST = 400
const NONE: Schemas['TrailEntry'][] = []

interface Props {
  channel: Schemas['ChannelView']
  matters: Matter[]
  /** There are older matters than those. */
  isCut: boolean
}

export function Story({ channel: { channel_id, keys }, matters, isCut }: Props) {
  const { t, name } = useSpeech()
  const [chapter, setChapter] = useState<Chapter | null>(null)
  const [shown, setShown] = useState(PAGE)
  const { data: measures = [] } = useMeasures(channel_id)
  const { data, error, refetch } = useQuery({
    queryKey: ['channel', channel_id, 'story'],
    queryFn: () =>
      walk<Schemas['TrailEntry']>(
        {
          fetch: ({ limit, cursor }) =>
            ask(api.GET('/api/v1/channels/{channel_id}/trail', { params: { path: { channel_id }, query: { limit, cursor, action: 'channel.' } } })),
          filters: [],
          values: {},
        },
        { from: undefined, want: MOST },
      ),
  })
  const records = data?.rows ?? NONE
  const story = useMemo(() => storyOf({ matters, measures, keys, records }), [matters, measures, keys, records])
  const counts = countsOf(story)
  const chosen = chapter ? story.filter((one) => one.chapter === chapter) : story
  const entryOf = useEntry()
  const choose = (next: Chapter | null) => {
    setChapter(next)
    setShown(PAGE)
  }
  return (
    <Panel title={t('story.title')}>
      {error && <Failure error={error} retry={() => void refetch()} />}
      <div className="action-bar gap-below" role="group" aria-label={t('story.filter')}>
        <Button size="small" aria-pressed={chapter === null} type={chapter === null ? 'primary' : 'default'} onClick={() => choose(null)}>
          {t('story.all', { n: story.length })}
        </Button>
        {CHAPTERS.filter((one) => counts[one] > 0).map((one) => (
          <Button key={one} size="small" aria-pressed={chapter === one} type={chapter === one ? 'primary' : 'default'} onClick={() => choose(one)}>
            {`${name('chapter', one)} ${counts[one]}`}
          </Button>
        ))}
      </div>
      {chosen.length === 0 ? <Nothing /> : <Timeline entries={chosen.slice(0, shown).map(entryOf)} />}
      {chosen.length > shown && (
        <Button onClick={() => setShown(shown + PAGE)}>{t('story.more', { n: chosen.length - shown })}</Button>
      )}
      {(isCut || data?.next !== undefined) && chosen.length <= shown && <p className="quiet gap-above">{t('story.cut')}</p>}
    </Panel>
  )
}

/** An entry in words. */
function useEntry(): (told: Told) => Entry {
  const { t, name } = useSpeech()
  const withheld = useWithheld()
  const value = (field: string, text: string | null | undefined) =>
    !text ? t('trail.none') : field === 'phase' || field === 'state' ? name('channel_state', text) : text
  const title = (told: Told): { title: ReactNode; words?: string } => {
    switch (told.chapter) {
      case 'matter':
      case 'notice': {
        const { matter } = told
        const link = <Link to={`/matters/${matter.matter_id}`}>{matter.title}</Link>
        return { title: <>{told.what === 'opened' ? t('story.opened') : name(`state.${matter.kind}`, matter.state)} {link}</> }
      }
      case 'measure': {
        const { measure_id: _, matter_id } = told.measure
        const by = matter_id && <Link to={`/matters/${matter_id}`}>{t('channel.withheld_by')}</Link>
        return { title: <>{t(told.what === 'withheld' ? 'story.withheld' : 'story.lifted', { what: withheld(told.measure) })} {by}</> }
      }
      case 'key':
        return { title: <>{name('story_key', told.what)} {name('key_usage', told.usage)} <code>{told.key_id}</code></> }
      case 'phase': {
        const changed = told.changes.map(({ field, from, to }) => `${name('trail_field', field)} ${value(field, from)} → ${value(field, to)}`)
        return { title: name('story_phase', told.what), words: [...changed, ...(told.reason ? [told.reason] : [])].join('\n') || undefined }
      }
    }
  }
  return (told) => ({ key: told.key, at: told.at, actor: <span className="quiet">{name('chapter', told.chapter)}</span>, ...title(told) })
}
