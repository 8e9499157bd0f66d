// A form in a dialog. What the platform says about a field is shown at that field.

import { App, Form, type FormInstance, Modal } from 'antd'
import { type ReactNode, useState } from 'react'
import { Refused } from '../api/client'
import { useSpeech } from '../i18n'
import { Failure } from './states'

interface Props<Values> {
  title: string
  initial?: Partial<Values>
  children: ReactNode
  /** Sends it; what it throws is shown and the dialog stays. */
  submit: (values: Values) => Promise<void>
  close: () => void
  okText?: string
  width?: number
  /** The platform names fields from here on, not from the whole form. */
  inside?: string
}

export function FormDialog<Values extends object>({ title, initial, children, submit, close, okText, width, inside }: Props<Values>) {
  const { t } = useSpeech()
  const { message } = App.useApp()
  const [form] = Form.useForm<Values>()
  const [error, setError] = useState<unknown>(null)
  const [isBusy, setBusy] = useState(false)
  const send = async (values: Values) => {
    setBusy(true)
    setError(null)
    try {
      await submit(values)
      message.success(t('action.done'))
      close()
    } catch (refused) {
      setError(pointOut(form, refused, inside))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal
      open
      title={title}
      width={width}
      okText={okText ?? t('action.submit')}
      okButtonProps={{ loading: isBusy, htmlType: 'submit', form: 'dialog' }}
      cancelText={t('action.cancel')}
      mask={{ closable: false }}
      onCancel={close}
    >
      <Form<Values>
        form={form}
        id="dialog"
        layout="vertical"
        initialValues={initial}
        scrollToFirstError={{ focus: true }}
        onFinish={(values) => void send(values)}
      >
        {error !== null && (
          <div className="gap-below">
            <Failure error={error} />
          </div>
        )}
        {children}
      </Form>
    </Modal>
  )
}

/** A JSON pointer as the name of a form item: `/owner/uscc`, `/regions/0`. */
export function nameOf(pointer: string): (string | number)[] {
  const parts = pointer.split('/').slice(1)
  return parts.map((part) => (/^\d+$/.test(part) ? Number(part) : part.replaceAll('~1', '/').replaceAll('~0', '~')))
}

/** Puts each named error at its field; what is left over is an error of the whole, or nothing. */
export function pointOut<Values>(form: FormInstance<Values>, error: unknown, inside?: string): unknown {
  const named = error instanceof Refused ? (error.problem.errors ?? []) : []
  const found = (pointer: string) =>
    [nameOf(pointer), inside ? [inside, ...nameOf(pointer)] : []].find(
      (name) => name.length > 0 && form.getFieldInstance(name as never) !== undefined,
    )
  const shown = named.flatMap((one) => {
    const name = found(one.pointer)
    return name ? [{ name: name as never, errors: [one.message] }] : []
  })
  form.setFields(shown)
  return named.length > 0 && shown.length === named.length ? null : error
}
