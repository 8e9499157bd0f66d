// Certifying that all raw data is gone (CH-36.1): what is said is filled in, becomes the text that is signed where the
// owner's key is kept, and the signature is read here.

import { Checkbox, Form, Input } from 'antd'
import { useEffect } from 'react'
import { useToday } from '../../app/today'
import { useSpeech } from '../../i18n'
import { SignSteps } from '../../parts/sign_steps'
import type { Answer } from '../../parts/action_bar'
import type { Matter } from '../matter/wire'
import { CATEGORIES, type Deletion, documentOf } from './certificate'

const DOCUMENT = ['certificate', 'document']

export function Certify({ matter }: { matter: Matter }) {
  const { t, name } = useSpeech()
  const today = useToday()
  const form = Form.useFormInstance()
  const told = Form.useWatch<Deletion | undefined>('deletion', form)
  const document = documentOf(matter.channel_number ?? '', matter.matter_id, told)
  // A signature is good for the text that it was made over.
  useEffect(() => form.setFieldValue('certificate', { document: document ?? undefined }), [form, document])
  const item = (field: keyof Deletion) => ({
    name: ['deletion', field],
    label: name('field.exit', field),
    rules: [{ required: true, message: t('field.required') }],
  })
  return (
    <>
      <Form.Item {...item('deleted_on')} initialValue={today}>
        <Input type="date" max={today} />
      </Form.Item>
      <Form.Item {...item('categories')} rules={[{ type: 'array', min: 1, message: t('field.required') }]} initialValue={CATEGORIES}>
        <Checkbox.Group options={CATEGORIES.map((value) => ({ value, label: name('word.categories', value) }))} />
      </Form.Item>
      <Form.Item {...item('statement')} initialValue={t('certify.statement')}>
        <Input.TextArea rows={2} maxLength={2000} />
      </Form.Item>
      <Form.Item {...item('signed_by')}>
        <Input maxLength={100} autoComplete="name" />
      </Form.Item>
      <Form.Item name={DOCUMENT} className="carried">
        <Carried />
      </Form.Item>
      {document ? (
        <SignSteps statement={document} file={`${t('certify.file')}-${matter.channel_number ?? ''}.json`} inside={['certificate']} />
      ) : (
        <p className="quiet gap-below">{t('certify.first')}</p>
      )}
    </>
  )
}

/** What the form carries without showing it; what the platform says about it is shown here. */
function Carried() {
  return null
}

/** The platform takes the signed text and nothing beside it. */
export function certificateOf({ certificate }: Answer): Answer {
  return { certificate }
}
