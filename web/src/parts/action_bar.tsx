// What can be done here now: exactly the actions that the platform lists, each in a dialog of its own.

import { App, Button, Form, Input } from 'antd'
import { type ReactNode, useState } from 'react'
import { useNavigate } from 'react-router'
import { useSpeech } from '../i18n'
import { useAttempt } from './attempt'
import { Dialog } from './dialog'
import { forgive, pointOut } from './form_dialog'
import { Failure } from './states'

export interface Action {
  /** As the platform names it. */
  action: string
  label: string
  /** The clause that allows it. */
  clause?: string | null
  /** What the dialog must ask: `words` or `reason`. Whatever else is there needs nothing of the dialog. */
  needs: string[]
  /** It takes a right away or ends something. */
  isDangerous?: boolean
  /** It cannot be taken back: this must be typed to confirm it. */
  typed?: string
  /** It is done on a page of its own. */
  to?: string
  /** It is listed but cannot be done here; the hint says why. */
  isDisabled?: boolean
  /** Said beside the dialog's fields. */
  hint?: string
  /** What else the dialog asks, as form items whose names become fields of the answer. */
  fields?: ReactNode
  /** How wide the dialog is, in pixels. */
  width?: number
}

/** What was filled in, by field. */
export type Answer = Record<string, unknown>

interface Props {
  actions: Action[]
  /** Does it; what it throws is shown in the dialog, at the fields that it names, and the dialog stays open. */
  act: (action: string, answer: Answer) => Promise<void>
}

export function ActionBar({ actions, act }: Props) {
  const { t } = useSpeech()
  const navigate = useNavigate()
  const [chosen, setChosen] = useState<Action | null>(null)
  if (actions.length === 0) return <p className="quiet">{t('action.none')}</p>
  return (
    <div className="action-bar">
      {actions.map((action, index) => (
        <Button
          key={action.action}
          type={index === 0 && !action.isDangerous ? 'primary' : 'default'}
          danger={action.isDangerous}
          disabled={action.isDisabled}
          title={action.isDisabled ? action.hint : undefined}
          onClick={() => (action.to ? void navigate(action.to) : setChosen(action))}
        >
          {action.label}
        </Button>
      ))}
      {chosen && <ActionDialog key={chosen.action} action={chosen} act={act} close={() => setChosen(null)} />}
    </div>
  )
}

const ASKED = ['words', 'reason'] as const

function ActionDialog({ action, act, close }: { action: Action; act: Props['act']; close: () => void }) {
  const { t } = useSpeech()
  const { message } = App.useApp()
  const [form] = Form.useForm<Answer>()
  const { attempt, isBusy, error } = useAttempt((refused) => pointOut(form, refused))
  const submit = ({ typed_to_confirm: _, ...asked }: Answer) =>
    attempt(async () => {
      await act(action.action, asked)
      message.success(`${action.label}：${t('action.done')}`)
      close()
    })
  const required = { required: true, whitespace: true, message: t('field.required') }
  return (
    <Dialog
      open
      title={action.label}
      width={action.width}
      okText={action.label}
      okButtonProps={{ danger: action.isDangerous, loading: isBusy, htmlType: 'submit', form: 'action' }}
      cancelText={t('action.cancel')}
      onCancel={close}
      destroyOnHidden
    >
      <Form form={form} id="action" layout="vertical" scrollToFirstError={{ focus: true }} onValuesChange={forgive(form)} onFinish={(answer) => void submit(answer)}>
        {error !== null && (
          <div className="gap-below">
            <Failure error={error} />
          </div>
        )}
        {action.fields}
        {ASKED.filter((name) => action.needs.includes(name)).map((name) => (
          <Form.Item key={name} name={name} label={t(`action.${name}`)} rules={[required]}>
            <Input.TextArea rows={3} maxLength={name === 'words' ? 2000 : 200} showCount autoFocus />
          </Form.Item>
        ))}
        {action.typed && (
          <Form.Item
            name="typed_to_confirm"
            label={`${t('action.irreversible')}${t('action.type_to_confirm', { text: action.typed })}`}
            rules={[
              { validator: (_, value) => (value === action.typed ? Promise.resolve() : Promise.reject(new Error())) },
            ]}
            help=""
          >
            <Input autoComplete="off" />
          </Form.Item>
        )}
        {action.hint && <p className="gap-below">{action.hint}</p>}
        <p className="quiet">
          {action.clause && <span className="clause">{action.clause}</span>} {t('action.audited')}
        </p>
      </Form>
    </Dialog>
  )
}
