// The two fields of what a company is, in a registration and above an application.

import { Form, Input } from 'antd'
import { useToday } from '../../app/today'
import { useSpeech } from '../../i18n'

export function CompanyItems() {
  const { t } = useSpeech()
  const today = useToday()
  const required = { required: true, whitespace: true, message: t('field.required') }
  return (
    <>
      <Form.Item name="legal_representative" label={t('company.legal_representative')} rules={[required]}>
        <Input maxLength={100} autoComplete="off" />
      </Form.Item>
      <Form.Item name="registered_on" label={t('company.registered_on')} rules={[required]}>
        <Input type="date" max={today} />
      </Form.Item>
    </>
  )
}
