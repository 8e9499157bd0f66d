// Writing words with placeholders: what may stand there is offered, and they can be tried on a channel before they are kept.

import { Button, Form, Input, Select, Space } from 'antd'
import { useState } from 'react'
import { useSpeech } from '../../i18n'
import { useChannels } from '../../parts/choose'
import { FormDialog } from '../../parts/form_dialog'
import { useNote } from '../../parts/use_draft'
import { Filled } from './filled'
import { KINDS, type Kind, LONGEST, PLACEHOLDERS, TOPICS, type Topic } from './kinds'
import { preview } from './wire'

export interface Written {
  name?: string
  kind?: Kind
  topic?: Topic
  subject?: string
  text: string
  words: string
  /** On which channel it is tried; nothing that is kept. */
  tried?: string
}

interface Props {
  title: string
  /** Of one that is there already; a new one is given a name and a kind. */
  kind?: Kind
  initial?: Partial<Written>
  submit: (written: Written) => Promise<void>
  close: () => void
  draft: string
}

type Field = 'subject' | 'text'

export function Editor({ title, kind, initial, submit, close, draft }: Props) {
  const { t } = useSpeech()
  const channels = useChannels()
  const tried = async ({ text, subject, kind: chosen = 'agreement', tried: channel_id }: Written) =>
    channel_id ? <Filled filled={await preview({ kind: kind ?? chosen, subject, text, channel_id })} /> : <p className="quiet">{t('template.choose_channel')}</p>
  return (
    <FormDialog<Written> title={title} width={860} initial={{ kind: 'agreement', ...initial }} submit={submit} close={close} foresee={tried} okText={t('template.keep')} draft={draft}>
      {!kind && <Called />}
      <Words kind={kind} />
      <Form.Item name="tried" label={t('template.tried')}>
        <Select
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          options={channels.map((one) => ({ value: one.channel_id, label: `${one.name} ${one.number}` }))}
        />
      </Form.Item>
    </FormDialog>
  )
}

function useRequired() {
  const { t } = useSpeech()
  return [{ required: true, whitespace: true, message: t('field.required') }]
}

/** What a new one is called, and what it is for. */
function Called() {
  const { t, name } = useSpeech()
  const rules = useRequired()
  const isNotice = Form.useWatch('kind') === 'notice'
  return (
    <>
      <Form.Item name="name" label={t('template.name')} rules={rules}>
        <Input maxLength={40} />
      </Form.Item>
      <div className="form-grid">
        <Form.Item name="kind" label={t('template.kind')} rules={rules}>
          <Select options={KINDS.map((value) => ({ value, label: name('kind', value) }))} />
        </Form.Item>
        {isNotice && (
          <Form.Item name="topic" label={t('template.topic')} rules={rules}>
            <Select options={TOPICS.map((value) => ({ value, label: name('word.topic', value) }))} />
          </Form.Item>
        )}
      </div>
    </>
  )
}

function Words({ kind: standing }: { kind?: Kind }) {
  const { t } = useSpeech()
  const rules = useRequired()
  const chosen = Form.useWatch<Kind | undefined>('kind')
  const kind = standing ?? chosen ?? 'agreement'
  const [aim, setAim] = useState<Field>('text')
  return (
    <>
      {kind === 'notice' && (
        <Form.Item name="subject" label={t('template.subject')} rules={rules}>
          <Input maxLength={200} onFocus={() => setAim('subject')} />
        </Form.Item>
      )}
      <Form.Item name="text" label={t('template.text')} rules={rules}>
        <Input.TextArea rows={kind === 'notice' ? 6 : 14} maxLength={LONGEST[kind]} showCount onFocus={() => setAim('text')} />
      </Form.Item>
      <Placeholders kind={kind} aim={kind === 'notice' ? aim : 'text'} />
      <Form.Item name="words" label={t('template.words')} rules={rules}>
        <Input.TextArea rows={2} maxLength={500} showCount />
      </Form.Item>
    </>
  )
}

/** What the platform fills; a click puts it where the cursor stands, in the title or in the text, whichever was written in last. */
function Placeholders({ kind, aim }: { kind: Kind; aim: Field }) {
  const { t } = useSpeech()
  const form = Form.useFormInstance<Written>()
  const note = useNote()
  const put = (name: string) => {
    const area = document.querySelector<HTMLTextAreaElement | HTMLInputElement>(`#dialog_${aim}, #${aim}`)
    const text = form.getFieldValue(aim) ?? ''
    const at = area?.selectionStart ?? text.length
    const changed = `${text.slice(0, at)}{{${name}}}${text.slice(area?.selectionEnd ?? at)}`
    form.setFieldValue(aim, changed)
    note({ [aim]: changed })
  }
  return (
    <div className="gap-below" role="group" aria-label={t('template.placeholders')}>
      <p className="quiet gap-below">{t('template.text_hint')}</p>
      <Space wrap size="small">
        <span className="quiet">{t('template.placeholders')}</span>
        {PLACEHOLDERS[kind].map((name) => (
          <Button key={name} size="small" onClick={() => put(name)}>
            {name}
          </Button>
        ))}
      </Space>
    </div>
  )
}
