// Sending an application back with what is wrong where: the owner then finds every remark at its field.

import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Form, Input, Select } from 'antd'
import { useSpeech } from '../../i18n'
import type { Matter } from '../matter/wire'
import { useServiceName } from '../service/services'
import type { ApplicationBodyShape } from './application_body'
import { PLACES_OF_FORMAL, placeOf, placesOfTest } from './places'

interface Comment {
  pointer?: string
  words?: string
}

export function SendBack({ matter }: { matter: Matter }) {
  const { t, name } = useSpeech()
  const service = useServiceName()
  const { forms = {} } = (matter.body ?? {}) as ApplicationBodyShape
  const isTest = matter.state === 'local_review' || matter.state === 'ministry_review'
  const asked = {
    isSocial: Object.values(forms.two ?? {}).some((text) => text),
    isLevelTwo: Boolean(forms.one?.parent_number),
    formsOf: Object.keys(forms.channel?.service_forms ?? {}),
  }
  const places = isTest ? placesOfTest(asked) : PLACES_OF_FORMAL
  const required = { required: true, whitespace: true, message: t('field.required') }
  return (
    <fieldset className="gap-below">
      <legend>{t('application.remarks')}</legend>
      <p className="quiet gap-below">{t('application.remarks_hint')}</p>
      <Form.List name="comments">
        {(fields, { add, remove }) => (
          <>
            {fields.map(({ key, name: row }) => (
              <div key={key} className="form-row remarks">
                <Form.Item name={[row, 'pointer']} label={t('application.remark_at')} rules={[required]}>
                  <Select
                    showSearch={{ optionFilterProp: 'label' }}
                    options={places.map((value) => ({ value, label: placeOf(name, value, service) }))}
                  />
                </Form.Item>
                <Form.Item name={[row, 'words']} label={t('application.remark')} rules={[required]}>
                  <Input maxLength={200} />
                </Form.Item>
                <Button
                  icon={<DeleteOutlined aria-hidden />}
                  aria-label={t('application.remove_remark', { n: row + 1 })}
                  onClick={() => remove(row)}
                />
              </div>
            ))}
            <Button icon={<PlusOutlined aria-hidden />} onClick={() => add({})}>
              {t('application.add_remark')}
            </Button>
          </>
        )}
      </Form.List>
    </fieldset>
  )
}

/** Without remarks there is no list of them. */
export function remarksOf(values: Record<string, unknown>): Record<string, unknown> {
  return { ...values, comments: (values.comments as Comment[] | undefined) ?? [] }
}
