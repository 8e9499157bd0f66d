// One sending: what was said, who has read and answered it, who has not, and a reminder to all of those.

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Progress } from 'antd'
import { useState } from 'react'
import { Link, useParams } from 'react-router'
import { useSpeech } from '../../i18n'
import { said } from '../../parts/attempt'
import { Clause } from '../../parts/clause'
import { Loaded } from '../../parts/loaded'
import { momentText } from '../../parts/moment'
import { Facts, Page, Panel } from '../../parts/page'
import { type Column, type Filter, SearchTable } from '../../parts/search_table'
import { ShortTable } from '../../parts/short_table'
import { StatusTag } from '../../parts/status_tag'
import { labelOf } from '../matter/naming'
import { FromTemplate } from '../template/from_template'
import { originIn } from '../template/kinds'
import { useVersion } from '../template/wire'
import { Cancel, Planned } from './planned'
import { inOrder, percentOf, STANDINGS, TONES } from './progress'
import { rotationColumns, rotationFacts, Stages } from './rotation'
import { askSending, type Entry, remindSending, type Sending } from './wire'

/** How often it is asked whether it has begun. */
const OFTEN_MS = 15_000

export function Component() {
  const { t } = useSpeech()
  const { sending_id = '' } = useParams()
  const found = useQuery({
    queryKey: ['sending', sending_id],
    queryFn: () => askSending(sending_id),
    refetchInterval: ({ state }) => (state.data?.state === 'planned' ? OFTEN_MS : false),
  })
  return (
    <Loaded title={t('nav.sendings')} query={found}>
      {(sending) => (sending.state === 'sent' ? <Shown sending={sending} /> : <Unsent sending={sending} />)}
    </Loaded>
  )
}

function Shown({ sending }: { sending: Sending }) {
  const { t } = useSpeech()
  const { message } = App.useApp()
  const client = useQueryClient()
  const [outcomes, setOutcomes] = useState<Record<string, string>>({})
  const [isBusy, setBusy] = useState(false)
  const remindable = (sending.entries ?? []).filter((one) => one.may_remind).length
  const remind = async () => {
    setBusy(true)
    try {
      const { rows } = await remindSending(sending.sending_id)
      setOutcomes(Object.fromEntries(rows.map(({ matter_id, outcome }) => [matter_id, outcome])))
      message.success(t('sending.reminded', { n: rows.filter(({ outcome }) => outcome === 'now').length }))
      await Promise.all(['matter', 'sending', 'sending_channel'].map((noun) => client.invalidateQueries({ queryKey: [noun] })))
    } catch (refused) {
      message.error(said(refused))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Page
      title={sending.title}
      above={<Link to="/sendings">{t('nav.sendings')}</Link>}
      actions={
        remindable > 0 && (
          <Button type="primary" loading={isBusy} onClick={() => void remind()}>
            {t('sending.remind', { n: remindable })}
          </Button>
        )
      }
    >
      <div className="panels">
        <Far sending={sending} />
        <Said sending={sending} />
        <Panel title={t('sending.channels')}>
          <Channels sending={sending} outcomes={outcomes} />
        </Panel>
        <LeftOut sending={sending} />
      </div>
    </Page>
  )
}

/** One that has told nobody: it waits, was taken back, or failed. */
function Unsent({ sending }: { sending: Sending }) {
  const { t } = useSpeech()
  return (
    <Page title={sending.title} above={<Link to="/sendings">{t('nav.sendings')}</Link>} actions={sending.state === 'planned' && <Cancel sending={sending} />}>
      <div className="panels">
        <Planned sending={sending} />
        <Said sending={sending} />
      </div>
    </Page>
  )
}

const textIn = (sending: Sending, field: string) => {
  const found = (sending.content as Record<string, unknown> | undefined)?.[field]
  return typeof found === 'string' ? found : null
}

const kindOf = ({ kind }: Sending) => (kind === 'amendment' || kind === 'key_rotation' ? kind : 'notice')

/** How far it has come; who has not signed another text in time may be forced out. */
function Far({ sending }: { sending: Sending }) {
  const { t, name } = useSpeech()
  const { counts, kind } = sending
  const day = {
    notice: () => ({ label: t('open.acknowledge_by'), value: textIn(sending, 'acknowledge_by') }),
    amendment: () => ({ label: labelOf(name, 'agreement', 'effective_on'), value: textIn(sending, 'effective_on') }),
    key_rotation: () => ({ label: labelOf(name, 'key_rotation', 'rotate_by'), value: textIn(sending, 'rotate_by') }),
  }[kindOf(sending)]()
  return (
    <Panel>
      <Facts
        facts={[
          { label: t('matter.kind'), value: name('sending_kind', kind) },
          { label: t('sending.sent_at'), value: momentText(sending.sent_at) },
          day,
          { label: t('sending.read'), value: t('sending.share', { n: counts.read, all: counts.channels }) },
          ...rotationFacts(sending, name),
          { label: t(`sending.answered_${kindOf(sending)}`), isWide: true, value: <Share sending={sending} /> },
        ]}
      />
      {kind === 'key_rotation' && <Stages entries={sending.entries ?? []} />}
      {kind === 'amendment' && counts.late > 0 && (
        <p className="note gap-above tone-bad">
          <Link to="/matters?kind=agreement&state=unsigned">{t('sending.candidates', { n: counts.late })}</Link> <Clause ids="CH-35.2" />
        </p>
      )}
    </Panel>
  )
}

export function Share({ sending: { counts } }: { sending: Sending }) {
  const { t } = useSpeech()
  const share = t('sending.share', { n: counts.answered, all: counts.channels - counts.dropped })
  return (
    <>
      <Progress percent={percentOf(counts)} size="small" aria-label={share} />
      <span className="quiet">{share}</span>
    </>
  )
}

/** What was said, word for word, or from which template each of them was told. */
function Said({ sending }: { sending: Sending }) {
  const { t } = useSpeech()
  const origin = originIn(sending.content)
  const version = useVersion(origin)
  const isAgreement = sending.kind === 'amendment'
  const words = textIn(sending, 'words') ?? (isAgreement ? undefined : version?.text)
  const text = textIn(sending, 'text') ?? (isAgreement ? version?.text : undefined)
  return (
    <Panel title={t('sending.words')}>
      {origin && (
        <p className="quiet gap-below">
          {t('template.for_each')} <FromTemplate origin={origin} />
        </p>
      )}
      {!isAgreement && version?.subject && (
        <p className="gap-below">
          <strong>{version.subject}</strong>
        </p>
      )}
      <p className="written">{words}</p>
      {text !== undefined && (
        <details className="gap-above">
          <summary>{t('agreement.text')}</summary>
          <div className="document written" tabIndex={0} role="region" aria-label={t('agreement.text')}>
            {text}
          </div>
        </details>
      )}
    </Panel>
  )
}

/** Who of the audience could not be told, and why. */
function LeftOut({ sending: { left_out = [] } }: { sending: Sending }) {
  const { t, language } = useSpeech()
  if (left_out.length === 0) return null
  return (
    <Panel title={t('sending.not_told', { n: left_out.length })}>
      <ShortTable
        rowKey="channel_id"
        dataSource={left_out}
        columns={[
          {
            title: t('matter.channel'),
            key: 'channel',
            render: (_, one) => <Link to={`/channels/${one.channel_id}`}>{`${one.channel_name} ${one.channel_number}`}</Link>,
          },
          { title: t('sending.why'), key: 'why', render: (_, one) => (language === 'en' ? one.en : one.zh) },
        ]}
      />
    </Panel>
  )
}

/** Channel by channel, those who have not answered first. */
function Channels({ sending, outcomes }: { sending: Sending; outcomes: Record<string, string> }) {
  const { t, name } = useSpeech()
  const standing = ({ standing }: Entry) => name(`standing_${sending.kind}`, standing)
  const moment = (at: string | null | undefined) => (at ? momentText(at) : '')
  const shown = (text: string) => text || <span className="quiet">—</span>
  const reminded = ({ matter_id, reminded_on }: Entry) => {
    const outcome = outcomes[matter_id]
    return outcome ? name('reminded', outcome) : (reminded_on ?? '')
  }
  const columns: Column<Entry>[] = [
    {
      key: 'channel',
      title: t('matter.channel'),
      width: '14rem',
      render: (one) => <Link to={`/matters/${one.matter_id}`}>{`${one.channel_name} ${one.channel_number}`}</Link>,
      text: (one) => `${one.channel_name} ${one.channel_number}`,
    },
    {
      key: 'standing',
      title: t('sending.standing'),
      render: (one) => <StatusTag family={`standing_${sending.kind}`} state={one.standing} tone={TONES[one.standing]} />,
      text: standing,
    },
    ...(sending.kind === 'key_rotation' ? rotationColumns(t, name) : []),
    { key: 'read', title: t('sending.read_at'), render: (one) => shown(moment(one.read_at)), text: (one) => moment(one.read_at), isMoment: true },
    { key: 'answered', title: t('sending.answered_at'), render: (one) => shown(moment(one.answered_at)), text: (one) => moment(one.answered_at), isMoment: true },
    { key: 'reminded', title: t('sending.reminded_on'), render: (one) => shown(reminded(one)), text: reminded },
  ]
  const filters: Filter<Entry>[] = [
    { key: 'q', label: t('list.search'), admits: (one, q) => `${one.channel_name} ${one.channel_number}`.includes(q) },
    {
      key: 'standing',
      label: t('sending.standing'),
      options: STANDINGS.map((value) => ({ value, label: name(`standing_${sending.kind}`, value) })),
      admits: (one, value) => one.standing === value,
    },
  ]
  // The platform tells them all at once.
  const fetch = async () => ({ data: inOrder((await askSending(sending.sending_id)).entries ?? []), has_more: false })
  return (
    <SearchTable
      title={t('sending.channels')}
      noun="sending_channel"
      of={sending.sending_id}
      rowKey={(one) => one.matter_id}
      columns={columns}
      filters={filters}
      fetch={fetch}
    />
  )
}
