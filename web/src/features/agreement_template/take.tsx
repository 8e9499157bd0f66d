// The text of an agreement in a form: from a template, which the platform fills for each channel, or written there.

import { useQuery } from '@tanstack/react-query'
import { Form, Select } from 'antd'
import { useSpeech } from '../../i18n'
import { Failure } from '../../parts/states'
import { useNote } from '../../parts/use_draft'
import { AGREEMENT, AMENDED_TEXT, AMENDMENT, type Asked } from '../matter/asked'
import { AskedFields } from '../matter/asked_fields'
import { labelOf } from '../matter/naming'
import type { Matter } from '../matter/wire'
import { Filled } from './filled'
import { inForce, type Origin, preview, useTemplates, useVersionText } from './wire'

const KIND = 'agreement'

interface Given {
  channel_id?: string
}

/** What is offered to a channel. */
export function OfferFields({ channel_id }: Given) {
  return <Taken inside="opening" asked={AGREEMENT} channel_id={channel_id} />
}

/** Another text for many. */
export function AmendmentFields() {
  return <Taken inside="amendment" asked={AMENDMENT} isToMany />
}

/** Another text for the channel of an agreement. */
export function AmendFields({ matter }: { matter: Matter }) {
  return <Taken asked={AMENDED_TEXT} channel_id={matter.channel_id ?? undefined} />
}

function Taken({ inside, asked, channel_id, isToMany = false }: { inside?: string; asked: Asked[]; channel_id?: string; isToMany?: boolean }) {
  const { t, name } = useSpeech()
  const form = Form.useFormInstance()
  const note = useNote()
  const templates = useTemplates().filter((one) => inForce(one))
  const at = (field: string) => (inside ? [inside, field] : [field])
  const origin = Form.useWatch(at('template'), form) as Origin | undefined
  const take = (chosen: Origin | undefined) => {
    const template = templates.find((one) => one.template_id === chosen?.template_id)
    if (!template || form.getFieldValue(at('version'))) return
    const version = `${template.name.slice(0, 32)} 第${chosen?.number}版`
    form.setFieldValue(at('version'), version)
    note(inside ? { [inside]: { version } } : { version })
  }
  return (
    <>
      {templates.length > 0 && (
        <Form.Item name={at('template')} label={labelOf(name, KIND, 'template')} extra={t(isToMany ? 'template.take_many' : 'template.take')}>
          <Choice templates={templates} chosen={take} />
        </Form.Item>
      )}
      <AskedFields kind={KIND} asked={origin ? asked.filter(({ at: [field] }) => field !== 'text') : asked} inside={inside} />
      {origin && !isToMany && <Preview at={at} origin={origin} channel_id={channel_id} />}
    </>
  )
}

interface ChoiceProps {
  templates: ReturnType<typeof useTemplates>
  chosen: (origin: Origin | undefined) => void
  /** Given by the form item. */
  id?: string
  value?: Origin
  onChange?: (value: Origin | undefined) => void
}

function Choice({ templates, chosen, id, value, onChange }: ChoiceProps) {
  const { t } = useSpeech()
  const options = templates.map((one) => ({ value: one.template_id, label: t('template.version_of', { name: one.name, n: inForce(one)?.number ?? 0 }) }))
  const choose = (template_id: string | undefined) => {
    const found = templates.find((one) => one.template_id === template_id)
    const version = found && inForce(found)
    const origin = found && version && { template_id: found.template_id, number: version.number }
    onChange?.(origin)
    chosen(origin)
  }
  return <Select id={id} allowClear options={options} value={value?.template_id} onChange={choose} showSearch={{ optionFilterProp: 'label' }} />
}

/** What the text will be, as far as the form is filled in. */
function Preview({ at, origin, channel_id }: { at: (field: string) => string[]; origin: Origin; channel_id?: string }) {
  const { t } = useSpeech()
  const form = Form.useFormInstance()
  const chosen = Form.useWatch('channel_id', form) as string | undefined
  const version = Form.useWatch(at('version'), form) as string | undefined
  const from = Form.useWatch(at('from'), form) as string | undefined
  const effective_on = Form.useWatch(at('effective_on'), form) as string | undefined
  const until = Form.useWatch(at('until'), form) as string | undefined
  const values = { version: version || undefined, from: from || effective_on || undefined, until: until || undefined }
  const channel = channel_id ?? chosen
  const text = useVersionText(origin)
  const { data, error } = useQuery({
    queryKey: ['agreement_template', 'preview', origin, channel, values],
    queryFn: () => preview({ text: text ?? '', channel_id: channel ?? '', ...values }),
    enabled: text !== undefined && channel !== undefined,
    placeholderData: (before) => before,
  })
  if (!channel) return <p className="quiet">{t('template.choose_channel')}</p>
  if (error) return <Failure error={error} />
  return data ? <Filled filled={data} /> : null
}

