// A form in a dialog. What the platform says about a field is shown at that field.

import { App, Button, Form, type FormInstance } from 'antd'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { Refused } from '../api/client'
import { useSpeech } from '../i18n'
import { useAttempt } from './attempt'
import { Dialog } from './dialog'
import { Failure } from './states'
import { Noting, useDraft } from './use_draft'

interface Props<Values> {
  title: string
  initial?: Partial<Values>
  children: ReactNode
  /** Sends it; what it throws is shown and the dialog stays. */
  submit: (values: Values) => Promise<void>
  close: () => void
  /** Says what sending it would do; what it throws is shown as if it had been sent. */
  foresee?: (values: Values) => Promise<ReactNode>
  okText?: string
  /** There is nothing to send, only to read. */
  isRead?: boolean
  width?: number
  /** The platform names fields from here on, not from the whole form. */
  inside?: string
  /** Under what its draft is kept; without it none is. */
  draft?: string
}

export function FormDialog<Values extends object>({ title, initial, children, submit, close, foresee, okText, isRead = false, width, inside, draft }: Props<Values>) {
  const { t } = useSpeech()
  const { message } = App.useApp()
  const [form] = Form.useForm<Values>()
  const { attempt, isBusy, error } = useAttempt((refused) => pointOut(form, refused, inside))
  const drafting = useDraft(form, draft)
  const forgiven = forgive(form)
  const send = (values: Values) =>
    attempt(async () => {
      await submit(values)
      drafting.sent()
      message.success(t('action.done'))
      close()
    })
  const [foreseen, setForeseen] = useState<ReactNode>(null)
  const look = async () => {
    const values = await form.validateFields().catch(() => null)
    if (values && foresee) await attempt(async () => setForeseen(await foresee(values)))
  }
  return (
    <Dialog
      open
      title={title}
      width={width}
      okText={okText ?? t('action.submit')}
      okButtonProps={{ loading: isBusy, htmlType: 'submit', form: 'dialog' }}
      cancelText={t(isRead ? 'action.close' : 'action.cancel')}
      footer={(_, { OkBtn, CancelBtn }) => (
        <>
          {foresee && (
            <Button disabled={isBusy} onClick={() => void look()}>
              {t('action.foresee')}
            </Button>
          )}
          <CancelBtn />
          {!isRead && <OkBtn />}
        </>
      )}
      mask={{ closable: false }}
      onCancel={close}
    >
      <Form<Values>
        form={form}
        id="dialog"
        layout="vertical"
        initialValues={initial}
        scrollToFirstError={{ focus: true }}
        onValuesChange={(changed) => {
          forgiven(changed)
          drafting.note(changed)
          setForeseen(null)
        }}
        onFinish={(values) => void send(values)}
      >
        {drafting.told}
        {error !== null && (
          <div className="gap-below">
            <Failure error={error} />
          </div>
        )}
        <Noting value={drafting.note}>{children}</Noting>
        <div aria-live="polite">{foreseen}</div>
      </Form>
    </Dialog>
  )
}

/** A JSON pointer as the name of a form item: `/owner/uscc`, `/regions/0`. */
export function nameOf(pointer: string): (string | number)[] {
  const parts = pointer.split('/').slice(1)
  return parts.map((part) => (/^\d+$/.test(part) ? Number(part) : part.replaceAll('~1', '/').replaceAll('~0', '~')))
}

/** Takes back what the platform said about fields that are being changed; for `onValuesChange`. */
export function forgive<Values>(form: FormInstance<Values>): (changed: unknown) => void {
  const isIn = (changed: unknown, [first, ...rest]: (string | number)[]): boolean => {
    if (first === undefined) return true
    return typeof changed === 'object' && changed !== null && first in changed && isIn((changed as Record<string, unknown>)[first], rest)
  }
  return (changed) => {
    const wrong = form.getFieldsError().filter(({ name, errors }) => errors.length > 0 && isIn(changed, name))
    if (wrong.length > 0) form.setFields(wrong.map(({ name }) => ({ name: name as never, errors: [] })))
  }
}

export interface Remark {
  pointer: string
  words: string
}

/** Puts what somebody has remarked about fields at those fields, once the form stands. */
export function useRemarks<Values>(form: FormInstance<Values>, remarks: Remark[] | undefined): void {
  const told = useRef(remarks)
  useEffect(() => {
    for (const { pointer, words } of told.current ?? []) form.setFields([{ name: nameOf(pointer) as never, errors: [words] }])
  }, [form])
}

/** The same for a page as long as an application: what is left over is shown at its top. */
export function pointedOut<Values>(form: FormInstance<Values>): (refused: unknown) => unknown {
  return (refused) => {
    window.scrollTo({ top: 0 })
    return pointOut(form, refused)
  }
}

/** Puts each named error at its field; what is left over is an error of the whole, or nothing. */
export function pointOut<Values>(form: FormInstance<Values>, error: unknown, inside?: string): unknown {
  const named = error instanceof Refused ? (error.problem.errors ?? []) : []
  // What is said about a list or a group is shown at the list, or at the first field of the group.
  const registered = form.getFieldsError().map(({ name }) => name)
  const isWithin = (group: (string | number)[], name: (string | number)[]) => group.every((part, place) => part === name[place])
  const at = (name: (string | number)[]) =>
    registered.find((one) => one.length === name.length && isWithin(name, one)) ?? registered.find((one) => isWithin(name, one))
  const found = (pointer: string) => {
    const own = nameOf(pointer)
    if (own.length === 0) return undefined
    return at(own) ?? (inside ? at([inside, ...own]) : undefined)
  }
  const shown = named.flatMap((one) => {
    const name = found(one.pointer)
    return name ? [{ name: name as never, errors: [one.message] }] : []
  })
  form.setFields(shown)
  return named.length > 0 && shown.length === named.length ? null : error
}
