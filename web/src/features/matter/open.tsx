// Opening a matter: which kinds somebody may begin, and the form of each.

import { PlusOutlined } from '@ant-design/icons'
import { useQueryClient } from '@tanstack/react-query'
import { Form, Input, Select } from 'antd'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import type { Schemas } from '../../api/client'
import { useHolds, useSession } from '../../app/session'
import { useSpeech } from '../../i18n'
import { useChannels } from '../../parts/choose'
import { FormDialog } from '../../parts/form_dialog'
import { MenuButton } from '../../parts/menu_button'
import { AudienceFields } from '../notice/audience_fields'
import { Reached } from '../sending/reached'
import { type Audience, type Run, sendAmendment, sendKeyRotation, sendNotice } from '../sending/wire'
import { AskedFields } from './asked_fields'
import { ForeseenAtOnce } from './foreseen'
import { type Opener, OPENERS } from './openings'
import { prepared } from './prepared'
import { open } from './wire'

interface Props {
  /** The channel that it is about; without it one is chosen. */
  channel?: Schemas['ChannelView']
  /** Only what goes to many channels at once. */
  isToMany?: boolean
}

/** Begins a matter, about one channel or about one that is chosen, or about many at once. */
export function Open({ channel, isToMany = false }: Props) {
  const channel_id = channel?.channel_id
  const { t, name } = useSpeech()
  const holds = useHolds()
  const navigate = useNavigate()
  const { role } = useSession().staff
  const [chosen, setChosen] = useState<Opener | null>(null)
  const here = channel ? 'channel' : 'elsewhere'
  const isAdmitted = ({ kind, admits }: Opener) => !channel || (channel.opens.includes(kind) && (!admits || admits(channel)))
  const mine = OPENERS.filter((one) => one.roles.includes(role) && (one.where ?? here) === here && isAdmitted(one) && (!isToMany || one.hasAudience))
  if (!holds('matter.act') || mine.length === 0) return null
  const begin = (place: string) => {
    const opener = mine[Number(place)]
    if (opener?.page) void navigate(opener.page(channel_id))
    else setChosen(opener ?? null)
  }
  const items = mine.map((one, place) => ({ key: String(place), label: one.label ? t(one.label) : name('kind', one.kind) }))
  return (
    <>
      <MenuButton items={items} choose={begin} type="primary" icon={<PlusOutlined aria-hidden />}>
        {t('nav.new')}
      </MenuButton>
      {chosen && <OpenDialog opener={chosen} channel_id={channel_id} close={() => setChosen(null)} />}
    </>
  )
}

/** By which way a kind goes to many; any other is a notice. */
const SENDERS: Record<string, typeof sendNotice> = { agreement: sendAmendment, key_rotation: sendKeyRotation }

interface Values {
  channel_id?: string
  audience?: Audience
  opening?: Record<string, unknown>
  /** Of another text that goes to many. */
  amendment?: Record<string, unknown>
  /** When it goes to many, if not at once. */
  send_at?: string
}

/** What a matter begins with, in a dialog; then its page. */
export function OpenDialog({ opener, channel_id, close }: { opener: Opener; channel_id?: string; close: () => void }) {
  const { t, name } = useSpeech()
  const navigate = useNavigate()
  const client = useQueryClient()
  const channels = useChannels().filter((one) => one.opens.includes(opener.kind) && (opener.admits?.(one) ?? true))
  const isToMany = !channel_id && opener.hasAudience === true
  const inside = isToMany && opener.kind === 'agreement' ? 'amendment' : 'opening'
  const put = (values: Values, run: Run) => {
    const send = SENDERS[opener.kind] ?? sendNotice
    const { send_at } = prepared({ send_at: values.send_at }) as { send_at?: string }
    return send((values.audience ?? {}) as Audience, prepared(values[inside] ?? {}), send_at, run)
  }
  const submit = async (values: Values) => {
    if (isToMany) {
      const { sending_id } = await put(values, 'real')
      await Promise.all(['matter', 'sending'].map((noun) => client.invalidateQueries({ queryKey: [noun] })))
      void navigate(`/sendings/${sending_id}`)
      return
    }
    const channel = channel_id ?? values.channel_id
    const opened = await open({ kind: opener.kind, channel_id: channel, opening: prepared(values.opening ?? {}) })
    await client.invalidateQueries({ queryKey: ['matter'] })
    void navigate(`/matters/${opened.matter_id}`)
  }
  const Fields = opener.Fields
  return (
    <FormDialog<Values> title={opener.label ? t(opener.label) : name('kind', opener.kind)} submit={submit} close={close} width={640} inside={inside} draft={['open', opener.kind, opener.label, channel_id].filter(Boolean).join('.')} okText={isToMany ? t('notice.send') : undefined} foresee={isToMany ? async (values) => <Reached kind={opener.kind} sent={await put(values, 'dry')} /> : undefined}>
      {isToMany && <AudienceFields hasKeyAge={opener.hasKeyAge} />}
      {isToMany && (
        <Form.Item name="send_at" label={t('sending.send_at')} extra={t('sending.send_at_hint')}>
          <Input type="datetime-local" max="9999-12-31T23:59" />
        </Form.Item>
      )}
      {!channel_id && !isToMany && !opener.isOfOrg && (
        <Form.Item
          name="channel_id"
          label={t('matter.channel')}
          rules={[{ required: !opener.isForNobody, message: t('field.required') }]}
        >
          <Select
            allowClear={opener.isForNobody}
            showSearch={{ optionFilterProp: 'label' }}
            options={channels.map((one) => ({ value: one.channel_id, label: `${one.name} ${one.number}` }))}
          />
        </Form.Item>
      )}
      {Fields && <Fields channel_id={channel_id} />}
      {opener.asked && <AskedFields kind={opener.kind} asked={opener.asked} inside={inside} />}
      {opener.kind === 'risk_event' && <ForeseenAtOnce channel_id={channel_id} />}
    </FormDialog>
  )
}
