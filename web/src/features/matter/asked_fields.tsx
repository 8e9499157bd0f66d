// The form items of what is asked. A group of the rules, or a row of a list, is a group on the page.

import { Checkbox, Form, Input, InputNumber, Select } from 'antd'
import type { Ref } from 'react'
import { useSpeech } from '../../i18n'
import { Upload } from '../../parts/upload'
import { useServices } from '../service/services'
import type { Asked } from './asked'
import { labelOf, wordOf } from './naming'

interface Props {
  kind: string
  asked: Asked[]
  /** Where the fields lie in the whole form. */
  inside?: string
  /** The matter that files are sent to; an opening has none yet and asks for none. */
  matter_id?: string
}

export function AskedFields({ kind, asked, inside, matter_id = '' }: Props) {
  return (
    <>
      {asked.map((one) => (
        <Item key={one.at.join('/')} kind={kind} asked={one} inside={inside} matter_id={matter_id} />
      ))}
    </>
  )
}

function Item({ kind, asked, inside, matter_id }: { kind: string; asked: Asked; inside?: string; matter_id: string }) {
  const { t, name } = useSpeech()
  const { at, as, of = [], isOptional = false } = asked
  const field = at.findLast((part) => typeof part === 'string') as string
  const item = inside ? [inside, ...at] : at
  const say = (value: string | number) => (typeof value === 'number' ? String(value) : wordOf(name, kind, field, value))
  // Asked by the form that has templates to choose from.
  if (as === 'template') return null
  if (as === 'fixed') {
    return (
      <>
        <h3>{say(of[0] ?? '')}</h3>
        <Form.Item name={item} initialValue={of[0]} hidden>
          <Input />
        </Form.Item>
      </>
    )
  }
  if (as === 'flag') {
    return (
      <Form.Item name={item} valuePropName="checked" initialValue={false}>
        <Checkbox>{labelOf(name, kind, field)}</Checkbox>
      </Form.Item>
    )
  }
  const isText = as === 'line' || as === 'text' || as === 'day' || as === 'moment'
  // A rule that speaks of blanks takes texts only, and no list of files.
  const rules = isOptional ? [] : [{ required: true, message: t('field.required'), ...(isText ? { whitespace: true } : {}) }]
  return (
    <Form.Item name={item} label={labelOf(name, kind, field)} rules={rules}>
      <Control as={as} options={of.map((value) => ({ value, label: say(value) }))} isOptional={isOptional} matter_id={matter_id} />
    </Form.Item>
  )
}

interface ControlProps {
  as: Exclude<Asked['as'], 'fixed' | 'flag' | 'template'>
  options: { value: string | number; label: string }[]
  isOptional: boolean
  matter_id: string
  /** Given by the form item, which finds the field by its reference when the platform names it. */
  id?: string
  ref?: Ref<never>
  value?: never
  onChange?: (value: unknown) => void
}

function Control({ as, options, isOptional, matter_id, ...given }: ControlProps) {
  switch (as) {
    case 'line':
      return <Input maxLength={500} {...given} />
    case 'text':
      return <Input.TextArea rows={4} {...given} />
    case 'day':
      return <Input type="date" max="9999-12-31" {...given} />
    case 'moment':
      return <Input type="datetime-local" max="9999-12-31T23:59" {...given} />
    case 'count':
      return <InputNumber min={0} precision={0} {...given} />
    case 'choice':
      return <Select options={options} allowClear={isOptional} {...given} />
    case 'choices':
      return <Select mode="multiple" options={options} {...given} />
    case 'lines':
      return <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[',', '，', '、', ' ']} {...given} />
    case 'file':
    case 'files':
      return <Upload matter_id={matter_id} purpose={String(options[0]?.value)} takes="any" isMany={as === 'files'} {...given} />
    case 'withheld':
      return <Withholding isOptional={isOptional} {...given} />
  }
}

type Withheld = 'all' | 'new_holders' | { services: string[] }

interface WithholdingProps {
  isOptional: boolean
  /** A part only: grade 1 never withholds everything. */
  withoutAll?: boolean
  id?: string
  ref?: Ref<never>
  value?: Withheld
  onChange?: (value: Withheld | undefined) => void
}

/** What is withheld: everything, new holders, or certain services (R9). */
export function Withholding({ isOptional, withoutAll = false, id, ref, value, onChange }: WithholdingProps) {
  const { name, language } = useSpeech()
  const services = useServices().data?.data ?? []
  const measure = typeof value === 'object' ? 'services' : value
  const choose = (chosen: 'all' | 'new_holders' | 'services' | undefined) =>
    onChange?.(chosen === 'services' ? { services: [] } : chosen)
  return (
    <>
      <Select
        id={id}
        ref={ref}
        value={measure}
        onChange={choose}
        allowClear={isOptional}
        options={(['all', 'new_holders', 'services'] as const).filter((one) => !(withoutAll && one === 'all')).map((one) => ({ value: one, label: name('word.withheld', one) }))}
      />
      {typeof value === 'object' && (
        <Select
          mode="multiple"
          aria-label={name('word.withheld', 'services')}
          value={value.services}
          onChange={(codes) => onChange?.({ services: codes })}
          showSearch={{ optionFilterProp: 'label' }}
          options={services.map((one) => ({ value: one.code, label: language === 'en' ? one.name_en : one.name }))}
        />
      )}
    </>
  )
}
