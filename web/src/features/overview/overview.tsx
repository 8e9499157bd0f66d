// The first page after signing in: what waits, and how the platform stands.

import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { Link } from 'react-router'
import { NATION } from '../../app/divisions'
import { consoleOf, useHolds, useSession } from '../../app/session'
import { useToday } from '../../app/today'
import { useSpeech } from '../../i18n'
import { ChartCard, type Figures } from '../../parts/chart_card'
import { Page, Panel } from '../../parts/page'
import { Failure, Loading } from '../../parts/states'
import { walk } from '../../parts/walk'
import { MissingYear } from '../calendar/missing'
import { ApprovalTimes } from '../duration/approval_times'
import { Inbox, Summary } from '../matter/inbox'
import { fetchMatters, type Matter } from '../matter/wire'
import { SigningKeyPanel, useSigns } from '../signing_key/panel'
import { Applications } from '../statistic/applications'
import { RiskHints } from './hints_panel'
import { Classes, InService, National } from './national'
import { OwnChannels } from './own_channels'
import { taken } from './times'
import { Watch } from './watch_panel'

export function Component() {
  const { t } = useSpeech()
  const { org, staff } = useSession()
  const isOwner = consoleOf(staff.role) === 'channel'
  const holds = useHolds()
  const signs = useSigns()
  return (
    <Page
      title={t('nav.overview')}
      lead={org.name}
      actions={!isOwner && org.division === NATION && holds('statistic.read') && <Link to="/wall">{t('wall.open')}</Link>}
    >
      <MissingYear />
      <div className="panels">
        {holds('matter.read') && (
          <Panel title={t('nav.inbox')} extra={<Link to="/inbox">{t('inbox.more')}</Link>}>
            <Summary />
            <Inbox most={6} />
          </Panel>
        )}
        {holds('matter.read') && <Watch />}
        {consoleOf(staff.role) === 'region' && holds('service.list') && holds('matter.read') && <RiskHints />}
        {signs && <SigningKeyPanel />}
        {isOwner && <OwnChannels />}
        <div className="pictures">
          {!isOwner && holds('statistic.read') && <National />}
          {!isOwner && <Classes />}
          {!isOwner && <InService />}
          {!isOwner && holds('statistic.read') && <Applications />}
          {holds('matter.read') && <Times />}
        </div>
        {!isOwner && holds('matter.read') && <ApprovalTimes />}
      </div>
    </Page>
  )
}

/** Most ended matters that are looked at, the newest. */
const MOST_ENDED = 1000

/** How long matters of each kind took until they ended. */
function Times() {
  const { t, name } = useSpeech()
  const today = useToday()
  const { data, error, refetch } = useQuery({
    queryKey: ['matter', 'times'],
    queryFn: () => walk<Matter>({ fetch: fetchMatters, filters: [], values: { ended: 'true' } }, { from: undefined, want: MOST_ENDED }),
  })
  const figures = useMemo<Figures>(() => {
    const kinds = taken(data?.rows ?? [])
    return {
      title: t('overview.times'),
      labels: kinds.map((one) => t('overview.kind_count', { kind: name('kind', one.kind), n: one.count })),
      labelled: t('matter.kind'),
      isLying: true,
      asOf: today,
      unit: t('overview.days'),
      series: [
        { name: t('overview.median'), kind: 'bar', values: kinds.map((one) => one.median) },
        { name: t('overview.longest'), kind: 'bar', values: kinds.map((one) => one.longest) },
      ],
    }
  }, [data, name, t, today])
  if (error) {
    return (
      <Panel title={t('overview.times')}>
        <Failure error={error} retry={() => void refetch()} />
      </Panel>
    )
  }
  return data ? <ChartCard figures={figures} /> : <Loading />
}
