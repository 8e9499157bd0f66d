// The form of a security report (CH-28, CH-29): what the laboratory found, that it was qualified on the day of the test,
// and the report itself. Names of items are the platform's own pointers.

import { Checkbox, Form, Input, Radio } from 'antd'
import { useToday } from '../../app/today'
import { useSpeech } from '../../i18n'
import { Clause } from '../../parts/clause'
import { Upload } from '../../parts/upload'
import { labelOf } from '../matter/naming'
import type { Matter } from '../matter/wire'
import { Earlier } from './earlier'
import { QUALIFICATIONS } from './reuse'

const KIND = 'security_report'
/** What a report has to name, word for word (CH-28.1). */
export const SPECIFICATION = '电子社会保障卡服务渠道接入安全技术规范'

export function ReportFields({ matter }: { matter: Matter }) {
  const { t, name } = useSpeech()
  const today = useToday()
  const required = { required: true, message: t('field.required') }
  const label = (field: string) => labelOf(name, KIND, field)
  return (
    <>
      <Earlier matter={matter} />
      <div className="form-grid">
        <Form.Item name={['report', 'number']} label={label('number')} rules={[required]}>
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item name={['report', 'lab', 'name']} label={label('name')} rules={[required]}>
          <Input maxLength={200} />
        </Form.Item>
        <Form.Item name={['report', 'tested_on']} label={label('tested_on')} rules={[required]}>
          <Input type="date" max={today} />
        </Form.Item>
        <Form.Item name={['report', 'specification_version']} label={label('specification_version')} rules={[required]}>
          <Input maxLength={40} />
        </Form.Item>
      </div>
      <Form.Item name={['report', 'specification']} label={label('specification')} initialValue={SPECIFICATION} rules={[required]}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name={['report', 'scope']} label={label('scope')} rules={[required]}>
        <Input.TextArea rows={2} maxLength={2000} />
      </Form.Item>
      <fieldset className="gap-below">
        <legend>
          {label('qualifications')} <Clause ids="CH-29" />
        </legend>
        <p className="quiet gap-below">{t('report.qualifications_hint')}</p>
        {QUALIFICATIONS.map((kind, row) => (
          <Qualification key={kind} kind={kind} row={row} />
        ))}
      </fieldset>
      <div className="form-grid">
        <Form.Item name={['report', 'outcome']} label={label('outcome')} rules={[required]}>
          <Radio.Group options={['passed', 'failed'].map((value) => ({ value, label: name('word.outcome', value) }))} />
        </Form.Item>
        <Form.Item name={['report', 'is_reused']} valuePropName="checked" initialValue={false} label={t('report.reuse')}>
          <Checkbox>{label('is_reused')}</Checkbox>
        </Form.Item>
      </div>
      <Form.Item name={['report', 'file']} label={name('purpose', KIND)} rules={[required]}>
        <Upload matter_id={matter.matter_id} purpose={KIND} takes="paper" />
      </Form.Item>
    </>
  )
}

/** One of the four: its number and the days between which it holds. */
function Qualification({ kind, row }: { kind: string; row: number }) {
  const { t, name } = useSpeech()
  const base = ['report', 'lab', 'qualifications', row]
  const required = { required: true, message: t('field.required') }
  const title = name('word.kind', kind)
  return (
    <div className="qualification" role="group" aria-label={title}>
      <Form.Item name={[...base, 'number']} label={title} rules={[required]}>
        <Input maxLength={100} placeholder={t('report.certificate')} />
      </Form.Item>
      <Form.Item name={[...base, 'valid_from']} label={labelOf(name, KIND, 'valid_from')} rules={[required]}>
        <Input type="date" max="9999-12-31" />
      </Form.Item>
      <Form.Item name={[...base, 'valid_to']} label={labelOf(name, KIND, 'valid_to')} rules={[required]}>
        <Input type="date" max="9999-12-31" />
      </Form.Item>
      <Form.Item name={[...base, 'kind']} initialValue={kind} hidden>
        <Input />
      </Form.Item>
    </div>
  )
}
