import { Form, Input } from 'antd'
import { useSpeech } from '../../i18n'
import { faultOf } from './uscc'

/** A form item for a 统一社会信用代码, checked while it is typed. */
export function UsccItem({ name, isRequired = false }: { name: string | (string | number)[]; isRequired?: boolean }) {
  const { t } = useSpeech()
  const check = (_: unknown, value: string | undefined) => {
    if (!value) return isRequired ? Promise.reject(new Error(t('field.required'))) : Promise.resolve()
    const fault = faultOf(value)
    return fault ? Promise.reject(new Error(t(`uscc.${fault}`))) : Promise.resolve()
  }
  return (
    <Form.Item
      name={name}
      label={t('org.uscc')}
      required={isRequired}
      rules={[{ validator: check }]}
      normalize={(value: string) => value.toUpperCase().replaceAll(/\s/g, '')}
    >
      <Input maxLength={18} showCount autoComplete="off" spellCheck={false} />
    </Form.Item>
  )
}
