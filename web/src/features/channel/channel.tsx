// One channel from all sides.

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Tag } from 'antd'
import type { ReactNode } from 'react'
import { Link, useParams, useSearchParams } from 'react-router'
import { api, ask, type Schemas } from '../../api/client'
import { useDivisions } from '../../app/divisions'
import { useHolds } from '../../app/session'
import { useSpeech } from '../../i18n'
import { between } from '../../i18n/between'
import { type Action, ActionBar, type Answer } from '../../parts/action_bar'
import { lazily } from '../../parts/lazily'
import { Loaded } from '../../parts/loaded'
import { useKeeps, useReadOnly } from '../../parts/choose'
import { momentText } from '../../parts/moment'
import { Facts, Page, Panel } from '../../parts/page'
import { ReadOnly } from '../../parts/read_only'
import { StatusTag } from '../../parts/status_tag'
import { ChannelMatters } from './channel_matters'
import { Impact } from './impact'
import { Levels, ParentName } from './levels'
import { useMeasures, useWithheld } from './measures'
import { Keys } from '../key/keys'
import { useServiceName } from '../service/services'
import { SuspendedOpenings } from '../service/suspended'
import { ChannelFigures } from '../statistic/channel_figures'
import { ChannelEndpoints } from '../webhook/channel_endpoints'

// What stands beside its figures comes after them.
const Trail = lazily(async () => (await import('../audit/trail')).Trail)
const ContactPanel = lazily(async () => (await import('../contact/contact_panel')).ContactPanel)

type Channel = Schemas['ChannelView']

export function Component() {
  const { t } = useSpeech()
  const { channel_id = '' } = useParams()
  const found = useQuery({
    queryKey: ['channel', channel_id],
    queryFn: () => ask(api.GET('/api/v1/channels/{channel_id}', { params: { path: { channel_id } } })),
  })
  return (
    <Loaded title={t('nav.channels')} query={found}>
      {(channel) => <Shown channel={channel} />}
    </Loaded>
  )
}

function Shown({ channel }: { channel: Channel }) {
  const { t, name } = useSpeech()
  const holds = useHolds()
  const isReadOnly = useReadOnly()(channel)
  const isKept = useKeeps()(channel)
  const request = useSearchParams()[0].get('request') ?? undefined
  const above = (
    <>
      <Link to="/channels">{t('nav.channels')}</Link> / <code>{channel.number}</code>
    </>
  )
  return (
    <Page
      title={channel.name}
      above={above}
      lead={`${channel.owner.name} · ${name('class', channel.class)} · ${name('level', String(channel.level))}`}
      actions={<StatusTag family="channel_state" state={channel.state} />}
    >
      <div className="panels">
        {isReadOnly && <ReadOnly words={t('portal.read_only_channel')} />}
        {holds('service.list') && <SuspendedOpenings channel_id={channel.channel_id} />}
        <State channel={channel} />
        <Levels channel={channel} />
        {holds('matter.read') && <ChannelMatters channel={channel} />}
        <Scope channel={channel} />
        <ContactPanel channel_id={channel.channel_id} />
        {holds('statistic.read') && <ChannelFigures channel={channel} />}
        <Panel title={t('key.title')}>
          <Keys owner={{ kind: 'channel', id: channel.channel_id, mayChange: channel.opens.includes('key_change') }} keys={channel.keys} />
        </Panel>
        {holds('webhook.replay') && isKept && <ChannelEndpoints channel={channel} />}
        <Trail key={request} noun="channel" id={channel.channel_id} request={request} />
      </div>
    </Page>
  )
}

/** The state and what may be done about it. */
function State({ channel }: { channel: Channel }) {
  const { t, name } = useSpeech()
  const client = useQueryClient()
  const actions = channel.actions.map<Action>((action) => ({
    action,
    label: name('channel_action', action),
    needs: ['reason'],
    isDangerous: action !== 'resume',
    typed: action === 'terminate' ? channel.number : undefined,
    about: action === 'resume' ? undefined : <Impact channel_id={channel.channel_id} step={{ ends: action === 'terminate' || undefined }} />,
    width: 600,
  }))
  const say = useWithheld()
  const { data: measures = [] } = useMeasures(channel.channel_id)
  const withheld = measures
    .filter((measure) => !measure.lifted_at)
    .map((measure) => (
      <>
        {t('channel.withheld_since', { what: say(measure), at: momentText(measure.opened_at) })}{' '}
        {measure.matter_id && <Link to={`/matters/${measure.matter_id}`}>{t('channel.withheld_by')}</Link>}
      </>
    ))
  const act = async (action: string, { reason }: Answer) => {
    const params = { path: { channel_id: channel.channel_id }, header: { 'If-Match': `"${channel.version}"` } }
    await ask(api.POST('/api/v1/channels/{channel_id}/actions', { params, body: { action, reason: String(reason) } }))
    await client.invalidateQueries({ queryKey: ['channel'] })
  }
  return (
    <Panel title={t('channel.state')}>
      <div className="panels">
        {withheld.length > 0 && <Withheld channel={channel} reasons={withheld} />}
        <Facts
          facts={[
            { label: t('list.state'), value: <StatusTag family="channel_state" state={channel.state} /> },
            { label: t('channel.phase'), value: name('channel_state', channel.phase) },
            channel.reason ? { label: t('action.reason'), value: channel.reason } : null,
            { label: t('list.created'), value: momentText(channel.created_at) },
          ]}
        />
        <ActionBar actions={actions} act={act} />
      </div>
    </Panel>
  )
}

/** What is withheld now stands above everything else. */
function Withheld({ channel, reasons }: { channel: Channel; reasons: ReactNode[] }) {
  const { t, name } = useSpeech()
  return (
    <div className={`note withheld tone-${channel.state === 'partly_suspended' ? 'warn' : 'bad'}`}>
      <strong>{name('channel_state', channel.state)}</strong>
      <ul aria-label={t('channel.withheld')}>
        {reasons.map((reason, place) => (
          <li key={place}>{reason}</li>
        ))}
      </ul>
    </div>
  )
}

/** Who, where and what for. */
function Scope({ channel }: { channel: Channel }) {
  const { t, name, language } = useSpeech()
  const divisions = useDivisions()
  const service = useServiceName()
  const separator = between(language)
  return (
    <Panel title={t('channel.scope')}>
      <Facts
        facts={[
          { label: t('channel.number'), value: <code>{channel.number}</code> },
          { label: t('channel.owner'), value: channel.owner.name },
          { label: t('org.uscc'), value: <code>{channel.owner.uscc}</code> },
          { label: t('channel.class'), value: name('class', channel.class) },
          { label: t('channel.form'), value: channel.form_name ?? name('form', channel.form) },
          { label: t('channel.mode'), value: name('mode', channel.access_mode) },
          { label: t('channel.level'), value: name('level', String(channel.level)) },
          channel.parent_id
            ? { label: t('channel.parent'), value: <ParentName channel_id={channel.channel_id} /> }
            : null,
          { label: t('channel.regions'), value: channel.regions.map(divisions.name).join(separator) },
          { label: t('channel.services'), isWide: true, value: <Chips texts={channel.services.map(service)} /> },
        ]}
      />
    </Panel>
  )
}

function Chips({ texts }: { texts: string[] }) {
  return (
    <span className="chips">
      {texts.map((text) => (
        <Tag key={text} className="tone-calm" variant="filled">
          {text}
        </Tag>
      ))}
    </span>
  )
}
