// An owner's channels against the lines of CH-23: each with its gauges, the one in danger first and with its pictures.

import { useQueries } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import type { Schemas } from '../../api/client'
import { useSession } from '../../app/session'
import { useSpeech } from '../../i18n'
import { useChannels } from '../../parts/choose'
import { dayText } from '../../parts/moment'
import { Panel } from '../../parts/page'
import { Failure, Loading } from '../../parts/states'
import { StatusTag } from '../../parts/status_tag'
import { hasLeft } from '../channel/phases'
import { ChannelFigures, monitoringOf } from '../statistic/channel_figures'
import { Measure } from '../statistic/measure'
import { byDanger, type Standing, standing } from '../statistic/standing'

type Channel = Schemas['ChannelView']

interface Shown {
  channel: Channel
  view: Schemas['MonitoringView']
  at: Standing
}

export function OwnChannels() {
  const { t } = useSpeech()
  const { org } = useSession()
  // What is of one entity with its level 1 is measured with it (CH-23.0b).
  const channels = useChannels().filter((one) => one.owner_id === org.org_id && one.relation !== 'same_entity' && !hasLeft(one))
  const found = useQueries({ queries: channels.map((one) => monitoringOf(one.channel_id)) })
  const failed = found.find((one) => one.error)
  const shown = channels.flatMap<Shown>((channel, index) => {
    const view = found[index]?.data
    return view ? [{ channel, view, at: standing(view, dayText(channel.created_at).slice(0, 7)) }] : []
  })
  if (failed) {
    return (
      <Panel title={t('own.title')}>
        <Failure error={failed.error} retry={() => void failed.refetch()} />
      </Panel>
    )
  }
  if (found.some((one) => one.isLoading)) return <Loading />
  if (channels.length === 0) return null
  const sorted = shown.toSorted((one, other) => byDanger(one.at, other.at))
  return sorted.map((one, index) => <Own key={one.channel.channel_id} shown={one} isFirst={index === 0} />)
}

function Own({ shown: { channel, view, at }, isFirst }: { shown: Shown; isFirst: boolean }) {
  const { t, about } = useSpeech()
  const [isDrawn, setDrawn] = useState(isFirst)
  const fold = t(isDrawn ? 'own.fold' : 'own.draw')
  return (
    <Panel
      title={<Link to={`/channels/${channel.channel_id}`}>{channel.name}</Link>}
      extra={
        <span className="action-bar">
          <StatusTag family="channel_state" state={channel.state} />
          <Button size="small" aria-expanded={isDrawn} aria-label={about(fold, channel.name)} onClick={() => setDrawn(!isDrawn)}>
            {fold}
          </Button>
        </span>
      }
    >
      <ul className="gauges" aria-label={t('own.lines')}>
        {at.gauges.map((gauge) => (
          <Measure key={gauge.trigger} gauge={gauge} thresholds={view.thresholds} />
        ))}
      </ul>
      <p className="quiet">
        {at.asOf ? t('chart.as_of', { at: at.asOf }) : t('own.no_month')}
        {view.matter_ids.map((matter_id) => (
          <span key={matter_id}>
            {' · '}
            <Link to={`/matters/${matter_id}`}>{t('own.monitored')}</Link>
          </span>
        ))}
      </p>
      {isDrawn && <ChannelFigures channel={channel} />}
    </Panel>
  )
}
