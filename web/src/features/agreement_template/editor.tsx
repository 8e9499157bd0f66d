// Writing a text with placeholders: what may stand there is offered, and it can be tried on a channel before it is kept.

import { Button, Form, Input, Select, Space } from 'antd'
import { useSpeech } from '../../i18n'
import { useChannels } from '../../parts/choose'
import { FormDialog } from '../../parts/form_dialog'
import { useNote } from '../../parts/use_draft'
import { Filled } from './filled'
import { PLACEHOLDERS, preview } from './wire'

export interface Written {
  name?: string
  text: string
  words: string
  /** On which channel it is tried; nothing that is kept. */
  tried?: string
}

interface Props {
  title: string
  /** A template that is not there yet has to be called something. */
  isNamed?: boolean
  initial?: Partial<Written>
  submit: (written: Written) => Promise<void>
  close: () => void
  draft: string
}

export function Editor({ title, isNamed = false, initial, submit, close, draft }: Props) {
  const { t } = useSpeech()
  const channels = useChannels()
  const rules = [{ required: true, whitespace: true, message: t('field.required') }]
  const tried = async ({ text, tried: channel_id }: Written) =>
    channel_id ? <Filled filled={await preview({ text, channel_id })} /> : <p className="quiet">{t('template.choose_channel')}</p>
  return (
    <FormDialog<Written> title={title} width={860} initial={initial} submit={submit} close={close} foresee={tried} okText={t('template.keep')} draft={draft}>
      {isNamed && (
        <Form.Item name="name" label={t('template.name')} rules={rules}>
          <Input maxLength={40} />
        </Form.Item>
      )}
      <Form.Item name="text" label={t('template.text')} extra={t('template.text_hint')} rules={rules}>
        <Input.TextArea rows={14} maxLength={80_000} showCount />
      </Form.Item>
      <Placeholders />
      <Form.Item name="words" label={t('template.words')} rules={rules}>
        <Input.TextArea rows={2} maxLength={500} showCount />
      </Form.Item>
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

/** What the platform fills; a click puts it at the end of the text, or where the cursor stands. */
function Placeholders() {
  const { t } = useSpeech()
  const form = Form.useFormInstance<Written>()
  const note = useNote()
  const put = (name: string) => {
    const area = document.querySelector<HTMLTextAreaElement>('#dialog_text, #text')
    const text = form.getFieldValue('text') ?? ''
    const at = area?.selectionStart ?? text.length
    const changed = `${text.slice(0, at)}{{${name}}}${text.slice(area?.selectionEnd ?? at)}`
    form.setFieldValue('text', changed)
    note({ text: changed })
  }
  return (
    <div className="gap-below" role="group" aria-label={t('template.placeholders')}>
      <Space wrap size="small">
        <span className="quiet">{t('template.placeholders')}</span>
        {PLACEHOLDERS.map((name) => (
          <Button key={name} size="small" onClick={() => put(name)}>
            {name}
          </Button>
        ))}
      </Space>
    </div>
  )
}
