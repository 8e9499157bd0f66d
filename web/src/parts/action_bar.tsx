// What can be done here now: exactly the actions that the platform lists, each in a dialog of its own.

import { App, Button, Form, Input } from 'antd'
import { type ReactNode, useEffect, useEffectEvent, useState } from 'react'
import { useNavigate } from 'react-router'
import { useSpeech } from '../i18n'
import { useAttempt } from './attempt'
import { Clause } from './clause'
import { Dialog } from './dialog'
import { BOUND } from './draft'
import { forgive, pointOut } from './form_dialog'
import { mainOf } from './main_action'
import { Failure } from './states'
import { Noting, useDraft } from './use_draft'

export interface Action {
  /** As the platform names it. */
  action: string
  label: string
  /** The clause that allows it. */
  clause?: string | null
  /** What the dialog must ask: `words` or `reason`. Whatever else is there needs nothing of the dialog. */
  needs: string[]
  /** It is what is waited for; the others are at hand, but nobody waits for them. Unknown where nothing waits. */
  isNext?: boolean
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
  /** What it does, said above the fields. */
  about?: ReactNode
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
  /** Under what the drafts of its dialogs are kept; without it they are not. */
  draft?: string
  /** The version of what is acted on: a draft of another one is not laid over it unasked. */
  version?: number
  /** Whether what was thrown is told elsewhere. */
  isMet?: (refused: unknown) => boolean
}

export function ActionBar({ actions, act, draft, version, isMet }: Props) {
  const { t } = useSpeech()
  const { message } = App.useApp()
  const navigate = useNavigate()
  const [chosen, setChosen] = useState<string | null>(null)
  const [isActing, setActing] = useState(false)
  const open = actions.find((one) => one.action === chosen)
  const close = () => setChosen(null)
  // What has just been done is gone as well: only what somebody else has overtaken needs a word.
  const isGone = chosen !== null && !open && !isActing
  const giveUp = useEffectEvent(() => {
    message.info(t('action.gone'))
    close()
  })
  useEffect(() => {
    if (isGone) giveUp()
  }, [isGone])
  const actOnce = async (action: string, answer: Answer) => {
    setActing(true)
    try {
      await act(action, answer)
      close()
    } finally {
      setActing(false)
    }
  }
  if (actions.length === 0) return <p className="quiet">{t('action.none')}</p>
  const first = mainOf(actions)
  const inOrder = first ? [first, ...actions.filter((one) => one !== first)] : actions
  return (
    <div className="action-bar">
      {inOrder.map((action) => (
        <Button
          key={action.action}
          type={action === first ? 'primary' : 'default'}
          danger={action.isDangerous}
          disabled={action.isDisabled}
          title={action.isDisabled ? action.hint : undefined}
          onClick={() => (action.to ? void navigate(action.to) : setChosen(action.action))}
        >
          {action.label}
        </Button>
      ))}
      {open && <ActionDialog key={open.action} action={open} act={actOnce} draft={draft} version={version} isMet={isMet} close={close} />}
    </div>
  )
}

const ASKED = ['words', 'reason'] as const

function ActionDialog({ action, act, draft, version, isMet, close }: Omit<Props, 'actions'> & { action: Action; close: () => void }) {
  const { t, about } = useSpeech()
  const { message } = App.useApp()
  const [form] = Form.useForm<Answer>()
  const { attempt, isBusy, error } = useAttempt((refused) => (isMet?.(refused) ? null : pointOut(form, refused)))
  const [begunOn] = useState(version)
  const drafting = useDraft(form, draft && `${draft}.${action.action}`, { version: begunOn })
  useEffect(() => {
    if (version !== begunOn) form.resetFields(BOUND)
  }, [form, version, begunOn])
  const forgiven = forgive(form)
  const submit = ({ typed_to_confirm: _, ...asked }: Answer) =>
    attempt(async () => {
      await act(action.action, asked)
      drafting.sent()
      message.success(about(action.label, t('action.done')))
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
      <Form
        form={form}
        id="action"
        layout="vertical"
        scrollToFirstError={{ focus: true }}
        onValuesChange={(changed) => {
          forgiven(changed)
          drafting.note(changed)
        }}
        onFinish={(answer) => void submit(answer)}
      >
        {drafting.told}
        {error !== null && (
          <div className="gap-below">
            <Failure error={error} />
          </div>
        )}
        {action.about}
        <Noting value={drafting.note}>{action.fields}</Noting>
        {ASKED.filter((name) => action.needs.includes(name)).map((name) => (
          <Form.Item key={name} name={name} label={t(`action.${name}`)} rules={[required]}>
            <Input.TextArea rows={3} maxLength={name === 'words' ? 2000 : 200} showCount autoFocus={!action.fields} />
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
          {action.clause && <Clause ids={action.clause} />} {t('action.audited')}
        </p>
      </Form>
    </Dialog>
  )
}
