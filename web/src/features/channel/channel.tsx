// One channel from all sides.

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Tag } from 'antd'
import { Link, useParams } from 'react-router'
import { api, ask, type Schemas } from '../../api/client'
import { useDivisions } from '../../app/divisions'
import { useHolds } from '../../app/session'
import { useSpeech } from '../../i18n'
import { type Action, ActionBar, type Answer } from '../../parts/action_bar'
import { momentText } from '../../parts/moment'
import { Facts, Page, Panel } from '../../parts/page'
import { Failure, Loading } from '../../parts/states'
import { StatusTag } from '../../parts/status_tag'
import { ChannelMatters } from './channel_matters'
import { useMeasures, useWithheld } from './measures'
import { Trail } from '../audit/trail'
import { Keys } from '../key/keys'
import { useServices } from '../service/services'
import { ChannelFigures } from '../statistic/channel_figures'

type Channel = Schemas['ChannelView']

export function Component() {
  const { t } = useSpeech()
  const { channel_id = '' } = useParams()
  const { data, error, refetch } = useQuery({
    queryKey: ['channel', channel_id],
    queryFn: () => ask(api.GET('/api/v1/channels/{channel_id}', { params: { path: { channel_id } } })),
  })
  if (error) {
    return (
      <Page title={t('nav.channels')}>
        <Failure error={error} retry={() => void refetch()} />
      </Page>
    )
  }
  return data ? <Shown channel={data} /> : <Loading />
}

function Shown({ channel }: { channel: Channel }) {
  const { t, name } = useSpeech()
  const holds = useHolds()
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
        <State channel={channel} />
        {holds('matter.read') && <ChannelMatters channel_id={channel.channel_id} />}
        <Scope channel={channel} />
        {holds('statistic.read') && <ChannelFigures channel={channel} />}
        <Panel title={t('key.title')}>
          <Keys owner={{ kind: 'channel', id: channel.channel_id }} keys={channel.keys} />
        </Panel>
        <Trail noun="channel" id={channel.channel_id} />
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
  }))
  const say = useWithheld()
  const { data: measures = [] } = useMeasures(channel.channel_id)
  const withheld = measures
    .filter((measure) => !measure.lifted_at)
    .map((measure) => ({
      label: t('channel.withheld'),
      value: (
        <>
          {t('channel.withheld_since', { what: say(measure), at: momentText(measure.opened_at) })}{' '}
          {measure.matter_id && <Link to={`/matters/${measure.matter_id}`}>{t('channel.withheld_by')}</Link>}
        </>
      ),
    }))
  const act = async (action: string, { reason }: Answer) => {
    const params = { path: { channel_id: channel.channel_id }, header: { 'If-Match': `"${channel.version}"` } }
    await ask(api.POST('/api/v1/channels/{channel_id}/actions', { params, body: { action, reason: String(reason) } }))
    await client.invalidateQueries({ queryKey: ['channel'] })
  }
  return (
    <Panel title={t('channel.state')}>
      <div className="panels">
        <Facts
          facts={[
            { label: t('list.state'), value: <StatusTag family="channel_state" state={channel.state} /> },
            { label: t('channel.phase'), value: name('channel_state', channel.phase) },
            ...withheld,
            channel.reason ? { label: t('action.reason'), value: channel.reason } : null,
            { label: t('list.created'), value: momentText(channel.created_at) },
          ]}
        />
        <ActionBar actions={actions} act={act} />
      </div>
    </Panel>
  )
}

/** Who, where and what for. */
function Scope({ channel }: { channel: Channel }) {
  const { t, name, language } = useSpeech()
  const divisions = useDivisions()
  const services = useServices().data?.data ?? []
  const service = (code: string) => {
    const found = services.find((one) => one.code === code)
    return (language === 'en' ? found?.name_en : found?.name) ?? code
  }
  const separator = language === 'en' ? ', ' : '、'
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
            ? { label: t('channel.parent'), value: <Link to={`/channels/${channel.parent_id}`}>{channel.parent_id}</Link> }
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
