// Looking a report through (CH-9.3d): each item with what the rules find of it, and a person's word on what no rule knows;
// what is wrong is said of the item that it is wrong with.

import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Checkbox, Form, Input, Select } from 'antd'
import { useSpeech } from '../../i18n'
import type { Matter } from '../matter/wire'
import { Found } from './found'

export function ReviewFields({ matter: { checklist = [] } }: { matter: Matter }) {
  const { t, name } = useSpeech()
  const wanted = checklist.filter((one) => one.is_confirmed)
  if (checklist.length === 0) return null
  const isComplete = (_: unknown, value: string[] | undefined) =>
    wanted.every(({ item }) => value?.includes(item)) ? Promise.resolve() : Promise.reject(new Error(t('report.confirm_all')))
  return (
    <>
      <Found checklist={checklist} />
      <Form.Item name="confirmed" label={t('report.confirm')} extra={t('report.confirm_hint')} rules={[{ validator: isComplete }]}>
        <Checkbox.Group className="confirmed" options={wanted.map(({ item }) => ({ value: item, label: name('report_confirm', item) }))} />
      </Form.Item>
    </>
  )
}

/** What is wrong, item by item. */
export function RemarkFields({ matter: { checklist = [] } }: { matter: Matter }) {
  const { t, name } = useSpeech()
  const required = { required: true, whitespace: true, message: t('field.required') }
  return (
    <fieldset className="gap-below">
      <legend>{t('report.remarks')}</legend>
      <Form.List name="remarks">
        {(fields, { add, remove }) => (
          <>
            {fields.map(({ key, name: row }) => (
              <div key={key} className="form-row remarks">
                <Form.Item name={[row, 'item']} label={t('report.item')} rules={[required]}>
                  <Select options={checklist.map(({ item }) => ({ value: item, label: name('report_item', item) }))} />
                </Form.Item>
                <Form.Item name={[row, 'words']} label={t('report.wrong')} rules={[required]}>
                  <Input maxLength={200} />
                </Form.Item>
                <Button icon={<DeleteOutlined aria-hidden />} aria-label={t('application.remove_remark', { n: row + 1 })} onClick={() => remove(row)} />
              </div>
            ))}
            <Button icon={<PlusOutlined aria-hidden />} onClick={() => add({})}>
              {t('report.add_remark')}
            </Button>
          </>
        )}
      </Form.List>
    </fieldset>
  )
}
