import { Form, Input } from 'antd'
import { useSpeech } from '../i18n'
import { FormDialog } from './form_dialog'

interface Props {
  title: string
  /** Who will read it, where it is not the audit log alone. */
  hint?: string
  act: (reason: string) => Promise<void>
  close: () => void
}

/** Something that takes a right away: it is done with a reason, which the audit log keeps. */
export function ReasonDialog({ title, hint, act, close }: Props) {
  const { t } = useSpeech()
  return (
    <FormDialog<{ reason: string }> title={title} okText={t('action.confirm')} submit={({ reason }) => act(reason)} close={close}>
      <Form.Item
        name="reason"
        label={t('action.reason')}
        rules={[{ required: true, whitespace: true, message: t('field.required') }]}
        extra={hint ?? t('action.audited')}
      >
        <Input.TextArea rows={3} maxLength={200} showCount autoFocus />
      </Form.Item>
    </FormDialog>
  )
}
