// The forms that open matters. Names of form items are those of the opening's fields, below `opening`.

import { Form, Input, Select } from 'antd'
import type { ComponentType } from 'react'
import { useSpeech } from '../../i18n'

export interface Opener {
  kind: string
  /** Who may open one; the platform checks it again. */
  roles: string[]
  /** It may be about no channel in particular. */
  isForNobody?: boolean
  /** It has a page of its own instead of a dialog. */
  page?: string
  Fields?: ComponentType
  /** Makes the opening of what was filled in. */
  prepare?: (values: Record<string, unknown>) => Record<string, unknown>
}

function Suggestion() {
  const { t, name } = useSpeech()
  const required = { required: true, whitespace: true, message: t('field.required') }
  const topics = ['product', 'running', 'technical']
  return (
    <>
      <Form.Item name={['opening', 'topic']} label={t('open.topic')} rules={[{ required: true, message: t('field.required') }]}>
        <Select options={topics.map((value) => ({ value, label: name('word.topic', value) }))} />
      </Form.Item>
      <Form.Item name={['opening', 'subject']} label={t('open.subject')} rules={[required]}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name={['opening', 'words']} label={t('open.words')} rules={[required]}>
        <Input.TextArea rows={5} maxLength={2000} showCount />
      </Form.Item>
    </>
  )
}

export const OPENERS: Opener[] = [
  { kind: 'application', roles: ['channel_admin'], page: '/applications/new' },
  { kind: 'suggestion', roles: ['channel_admin'], Fields: Suggestion },
]
