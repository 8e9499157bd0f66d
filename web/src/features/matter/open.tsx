// Opening a matter: which kinds somebody may begin, and the form of each.

import { PlusOutlined } from '@ant-design/icons'
import { useQueryClient } from '@tanstack/react-query'
import { Button, Dropdown, Form, Select } from 'antd'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { useHolds, useSession } from '../../app/session'
import { useSpeech } from '../../i18n'
import { useChannels } from '../../parts/choose'
import { FormDialog } from '../../parts/form_dialog'
import { AskedFields } from './asked_fields'
import { type Opener, OPENERS } from './openings'
import { prepared } from './prepared'
import { open } from './wire'

/** Begins a matter, about one channel or about one that is chosen. */
export function Open({ channel_id }: { channel_id?: string }) {
  const { t, name } = useSpeech()
  const holds = useHolds()
  const navigate = useNavigate()
  const { role } = useSession().staff
  const [chosen, setChosen] = useState<Opener | null>(null)
  const here = channel_id ? 'channel' : 'elsewhere'
  const mine = OPENERS.filter((one) => one.roles.includes(role) && (one.where ?? here) === here)
  if (!holds('matter.act') || mine.length === 0) return null
  const begin = (place: number) => {
    const opener = mine[place]
    if (opener?.page) void navigate(opener.page(channel_id))
    else setChosen(opener ?? null)
  }
  const items = mine.map((one, place) => ({ key: place, label: one.label ? t(one.label) : name('kind', one.kind) }))
  return (
    <>
      <Dropdown
        trigger={['click']}
        menu={{ items, onClick: ({ key }) => begin(Number(key)) }}
      >
        <Button type="primary" icon={<PlusOutlined aria-hidden />}>
          {t('nav.new')}
        </Button>
      </Dropdown>
      {chosen && <OpenDialog opener={chosen} channel_id={channel_id} close={() => setChosen(null)} />}
    </>
  )
}

interface Values {
  channel_id?: string
  opening?: Record<string, unknown>
}

function OpenDialog({ opener, channel_id, close }: { opener: Opener; channel_id?: string; close: () => void }) {
  const { t, name } = useSpeech()
  const navigate = useNavigate()
  const client = useQueryClient()
  const channels = useChannels()
  const submit = async (values: Values) => {
    const channel = channel_id ?? values.channel_id
    const opened = await open({ kind: opener.kind, channel_id: channel, opening: prepared(values.opening ?? {}) })
    await client.invalidateQueries({ queryKey: ['matter'] })
    void navigate(`/matters/${opened.matter_id}`)
  }
  const Fields = opener.Fields
  return (
    <FormDialog<Values> title={opener.label ? t(opener.label) : name('kind', opener.kind)} submit={submit} close={close} width={640} inside="opening">
      {!channel_id && (
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
      {Fields && <Fields />}
      {opener.asked && <AskedFields kind={opener.kind} asked={opener.asked} inside="opening" />}
    </FormDialog>
  )
}
