// Taking a template in a form, and what it comes to for a channel as far as the form is filled in.

import { useQuery } from '@tanstack/react-query'
import { Form, Select } from 'antd'
import { useEffect, useEffectEvent } from 'react'
import { useSpeech } from '../../i18n'
import { Failure } from '../../parts/states'
import { Filled } from './filled'
import type { Kind, Origin } from './kinds'
import { inForce, preview, type Template, useVersion } from './wire'

interface Props {
  field: string[]
  label: string
  hint: string
  /** Those with a version in force. */
  templates: Template[]
  chosen?: (origin: Origin | undefined) => void
}

export function TemplateField({ field, label, hint, templates, chosen }: Props) {
  return (
    <Form.Item name={field} label={label} extra={hint}>
      <Choice templates={templates} chosen={chosen} />
    </Form.Item>
  )
}

interface ChoiceProps {
  templates: Template[]
  chosen?: (origin: Origin | undefined) => void
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
    chosen?.(origin)
  }
  return <Select id={id} allowClear options={options} value={value?.template_id} onChange={choose} showSearch={{ optionFilterProp: 'label' }} />
}

interface PreviewProps {
  /** Where the template was chosen. */
  field: string[]
  kind: Kind
  origin: Origin
  channel_id?: string
  /** What is said of the agreement or of the notice so far. */
  told: Record<string, string | undefined>
}

/** What the words will be, as far as the form is filled in. */
export function Preview({ field, kind, origin, channel_id, told }: PreviewProps) {
  const { t } = useSpeech()
  const form = Form.useFormInstance()
  // What was refused of a template was refused of what was told then.
  const forgive = useEffectEvent(() => form.setFields([{ name: field, errors: [] }]))
  const said = JSON.stringify(told)
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the change of what is told that matters
  useEffect(() => forgive(), [said])
  const words = useVersion(origin)
  const { data, error } = useQuery({
    queryKey: ['template', 'preview', origin, channel_id, told],
    queryFn: () => preview({ kind, text: '', ...words, ...told, channel_id: channel_id ?? '' }),
    enabled: words !== undefined && channel_id !== undefined,
    placeholderData: (before) => before,
  })
  if (!channel_id) return <p className="quiet">{t('template.choose_channel')}</p>
  if (error) return <Failure error={error} />
  return data ? <Filled filled={data} /> : null
}
