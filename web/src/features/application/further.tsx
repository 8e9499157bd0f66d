// Further rows of 附表1 (CH-F1.6): what the channels of one owner have in common is filled in once. Each row becomes an
// application of its own, in which the rest is filled in.

import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Form, Input, Select } from 'antd'
import { useSpeech } from '../../i18n'
import { Clause } from '../../parts/clause'
import { Panel } from '../../parts/page'
import { modesOf } from './conditions'

/** Most rows of one form beside the first. */
const MOST = 19
const SHAPES = ['app', 'official_account', 'life_account', 'mini_program', 'other']

export function Further() {
  const { t, name } = useSpeech()
  const form = Form.useFormInstance()
  const rows = Form.useWatch<({ form?: string } | undefined)[] | undefined>('further', form)
  const required = { required: true, message: t('field.required') }
  // A form that has only one way of access has it chosen.
  const follow = (place: number, chosen: string) => {
    if (modesOf(chosen).length === 1) form.setFieldValue(['further', place, 'access_mode'], 'h5')
  }
  return (
    <Panel title={t('further.title')} extra={<Clause ids="CH-F1.6" />}>
      <p className="quiet gap-below">{t('further.hint')}</p>
      <Form.List name="further">
        {(fields, { add, remove }) => (
          <>
            {fields.map(({ key, name: place }) => (
              <fieldset key={key} className="gap-below">
                <legend>{t('further.row', { n: place + 2 })}</legend>
                <div className="form-row">
                  <Form.Item name={[place, 'name']} label={name('application', 'channel.name')} rules={[required]}>
                    <Input maxLength={100} />
                  </Form.Item>
                  <Form.Item name={[place, 'form']} label={name('application', 'channel.form')} rules={[required]}>
                    <Select options={SHAPES.map((value) => ({ value, label: name('form', value) }))} onChange={(chosen: string) => follow(place, chosen)} />
                  </Form.Item>
                  <Form.Item name={[place, 'access_mode']} label={name('application', 'channel.access_mode')} rules={[required]}>
                    <Select options={modesOf(rows?.[place]?.form).map((value) => ({ value, label: name('mode', value) }))} />
                  </Form.Item>
                  <Button icon={<DeleteOutlined aria-hidden />} aria-label={`${t('action.remove')} ${t('further.row', { n: place + 2 })}`} onClick={() => remove(place)} />
                </div>
              </fieldset>
            ))}
            {fields.length < MOST && (
              <Button icon={<PlusOutlined aria-hidden />} onClick={() => add({})}>
                {t('further.add')}
              </Button>
            )}
          </>
        )}
      </Form.List>
    </Panel>
  )
}
