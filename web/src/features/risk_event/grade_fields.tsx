// Proposing a grade: the cause gives it, and what follows from it is said before anybody confirms.

import { Checkbox, Form, Input, Select } from 'antd'
import { useSpeech } from '../../i18n'
import { Withholding } from '../matter/asked_fields'
import { labelOf, wordOf } from '../matter/naming'
import type { Matter } from '../matter/wire'
import { CAUSES, causeOf, GRADES, isPartial } from './causes'
import { Clause } from '../../parts/clause'

const KIND = 'risk_event'

export function GradeFields({ matter }: { matter: Matter }) {
  const { t, name } = useSpeech()
  const { suspected } = (matter.body ?? {}) as { suspected?: string }
  const chosen = causeOf(Form.useWatch<unknown>('cause'))
  const label = (field: string) => labelOf(name, KIND, field)
  const required = { required: true, message: t('field.required') }
  const options = GRADES.map((grade) => ({
    label: `${name('word.grade', grade)} · ${name('grade_means', grade)}`,
    options: CAUSES.filter((one) => one.grade === grade).map(({ cause }) => ({ value: cause, label: wordOf(name, KIND, 'cause', cause) })),
  }))
  return (
    <>
      <Form.Item name="cause" label={label('cause')} initialValue={suspected} rules={[required]}>
        <Select options={options} listHeight={400} autoFocus />
      </Form.Item>
      {chosen && (
        <p className={`note gap-below tone-${chosen.grade === '1' ? 'warn' : 'bad'}`} aria-live="polite">
          <strong>{name('word.grade', chosen.grade)}</strong> {name('grade_means', chosen.grade)}{' '}
          <Clause ids={`CH-31.${chosen.grade}`} />
        </p>
      )}
      {isPartial(chosen?.grade) && (
        <Form.Item name="withheld" label={label('withheld')} extra={t('risk_event.part')}>
          <Withholding isOptional withoutAll />
        </Form.Item>
      )}
      {chosen?.hasRecipient && (
        <div className="form-grid">
          <Form.Item name={['recipient', 'name']} label={label('name')} rules={[{ ...required, whitespace: true }]}>
            <Input maxLength={200} />
          </Form.Item>
          {/* A related channel with a number of its own may use the interface. */}
          {chosen.grade === '3' && (
            <Form.Item name={['recipient', 'number']} label={label('number')}>
              <Input maxLength={20} />
            </Form.Item>
          )}
        </div>
      )}
      <Form.Item name="is_crime_suspected" valuePropName="checked" initialValue={false}>
        <Checkbox>{label('is_crime_suspected')}</Checkbox>
      </Form.Item>
    </>
  )
}
