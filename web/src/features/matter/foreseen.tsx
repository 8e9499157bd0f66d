// What a risk event is about to break, beside the fields that decide it.

import { Form } from 'antd'
import { Impact } from '../channel/impact'
import type { Step } from '../channel/step'
import { isUnchosen, stepOf } from './steps'
import type { Matter } from './wire'

/** Within the dialog of an action. */
export function Foreseen({ matter, action }: { matter: Matter; action: string }) {
  const form = Form.useFormInstance()
  const cause = Form.useWatch<string | undefined>('cause', form)
  const withheld = Form.useWatch<Step['withheld'] | undefined>('withheld', form)
  const step = stepOf(action, matter.body, { cause, withheld })
  if (!step || !matter.channel_id) return null
  return <Impact channel_id={matter.channel_id} step={{ ...step, matter_id: matter.matter_id }} />
}

/** Within the dialog that begins one: everything stops unless a part is chosen. */
export function ForeseenAtOnce({ channel_id }: { channel_id?: string }) {
  const form = Form.useFormInstance()
  const chosen = Form.useWatch<string | undefined>('channel_id', form)
  const withheld = Form.useWatch<Step['withheld'] | undefined>(['opening', 'containment'], form)
  const channel = channel_id ?? chosen
  return channel && !isUnchosen(withheld) ? <Impact channel_id={channel} step={{ withheld }} /> : null
}
