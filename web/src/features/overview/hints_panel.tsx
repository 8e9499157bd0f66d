// Hints of risk for a region: the channels that serve it and are in danger, and its own services that go through them.

import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { useHolds } from '../../app/session'
import { useSpeech } from '../../i18n'
import { between } from '../../i18n/between'
import { Clause } from '../../parts/clause'
import { Panel } from '../../parts/page'
import { Failure, Loading } from '../../parts/states'
import { StatusTag } from '../../parts/status_tag'
import { walk } from '../../parts/walk'
import { ChannelLink } from '../matter/refer'
import { fetchMatters, type Matter } from '../matter/wire'
import { OrderDialog, useMayOrder } from '../rectification/ordering'
import { useOpenings } from '../service/suspended'
import { useServiceName } from '../service/services'
import { type Hint, hintsOf } from './hints'

/** Most open matters that are looked through. */
const MOST = 2000

export function RiskHints() {
  const { t } = useSpeech()
  const matters = useQuery({
    queryKey: ['matter', 'open'],
    queryFn: () => walk<Matter>({ fetch: fetchMatters, filters: [], values: { ended: 'false' } }, { from: undefined, want: MOST }),
  })
  const openings = useOpenings()
  const error = matters.error ?? openings.error
  const again = () => void Promise.all([matters.refetch(), openings.refetch()])
  const hints = matters.data && openings.data && hintsOf(matters.data.rows, openings.data.rows)
  return (
    <Panel title={t('hint.title')} extra={<Clause ids="ND-3.5e" />}>
      {error && <Failure error={error} retry={again} />}
      {!hints && !error && <Loading />}
      {hints?.length === 0 && <p className="quiet">{t('hint.none')}</p>}
      {hints && hints.length > 0 && (
        <ul className="late">
          {hints.map((hint) => (
            <One key={hint.channel_id} hint={hint} />
          ))}
        </ul>
      )}
      <p className="quiet gap-above">{t('hint.may')}</p>
    </Panel>
  )
}

function One({ hint: { signs, openings } }: { hint: Hint }) {
  const { t, name, language, about } = useSpeech()
  const mayClose = useHolds()('service.close')
  const mayOrder = useMayOrder()
  const called = useServiceName()
  const [isOrdering, setOrdering] = useState(false)
  const [first] = signs
  if (!first) return null
  const services = [...new Set(openings.map((one) => called(one.service)))]
  const channel = first.matter.channel_name ?? ''
  const underWay = openings.filter((one) => one.rectification_id)
  const free = openings.filter((one) => !one.rectification_id)
  return (
    <li>
      <span className="late-what">
        <ChannelLink matter={first.matter} />
      </span>
      <span className="chips">
        {signs.map(({ matter, clause }) => (
          <span key={matter.matter_id}>
            <Link to={`/matters/${matter.matter_id}`}>{name('kind', matter.kind)}</Link>{' '}
            <StatusTag family={`state.${matter.kind}`} state={matter.state} tone="warn" /> <Clause ids={clause} />
          </span>
        ))}
      </span>
      <span className="late-why">
        {services.length > 0 ? t('hint.services', { n: services.length, services: services.join(between(language)) }) : t('hint.no_service')}{' '}
        {services.length > 0 && (
          <Link to={`/openings?q=${encodeURIComponent(channel)}`}>{t(mayClose ? 'hint.close' : 'hint.see')}</Link>
        )}
        {underWay.length > 0 && <strong> {t('hint.under_way', { n: underWay.length })}</strong>}
      </span>
      {mayOrder(first.matter.channel_id) && free.length > 0 && (
        <span className="action-bar">
          <Button size="small" danger onClick={() => setOrdering(true)} aria-label={about(t('rectification.order'), channel)}>
            {t('rectification.order')}
          </Button>
        </span>
      )}
      {isOrdering && <OrderDialog openings={free} hints={signs.map(({ matter }) => matter)} close={() => setOrdering(false)} />}
    </li>
  )
}
