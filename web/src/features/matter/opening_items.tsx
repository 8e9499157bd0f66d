// The form items of what a matter begins with, by what they ask: a line, words, a moment, a day, a choice.

import { Form, Input, Select } from 'antd'
import { useSpeech } from '../../i18n'

interface ItemProps {
  field: string
  label: string
  isOptional?: boolean
}

export function useRules(isOptional: boolean) {
  const { t } = useSpeech()
  return isOptional ? [] : [{ required: true, whitespace: true, message: t('field.required') }]
}

export function Line({ field, label, isOptional = false }: ItemProps) {
  return (
    <Form.Item name={['opening', field]} label={label} rules={useRules(isOptional)}>
      <Input maxLength={200} />
    </Form.Item>
  )
}

export function Words({ field, label, isOptional = false }: ItemProps) {
  return (
    <Form.Item name={['opening', field]} label={label} rules={useRules(isOptional)}>
      <Input.TextArea rows={4} maxLength={2000} showCount />
    </Form.Item>
  )
}

/** A moment in Asia/Shanghai. */
export function Moment({ field, label, isOptional = false }: ItemProps) {
  return (
    <Form.Item name={['opening', field]} label={label} rules={useRules(isOptional)}>
      <Input type="datetime-local" max="9999-12-31T23:59" />
    </Form.Item>
  )
}

export function Day({ field, label, isOptional = false }: ItemProps) {
  return (
    <Form.Item name={['opening', field]} label={label} rules={useRules(isOptional)}>
      <Input type="date" max="9999-12-31" />
    </Form.Item>
  )
}

export function Choice({ field, label, words, turn }: ItemProps & { words: readonly string[]; turn?: () => void }) {
  const { name } = useSpeech()
  return (
    <Form.Item name={['opening', field]} label={label} rules={useRules(false)}>
      <Select options={words.map((value) => ({ value, label: name(`word.${field}`, value) }))} onChange={turn} />
    </Form.Item>
  )
}
