// The second person's word on what a first one has proposed (四眼).

import { Form, Input, Radio } from 'antd'
import type { Schemas } from '../../api/client'
import { useSpeech } from '../../i18n'
import { FormDialog } from '../../parts/form_dialog'

interface DecideProps {
  /** Whoever proposed it may only take it back. */
  isOwn: boolean
  submit: (body: Schemas['DecideParameter']) => Promise<void>
  close: () => void
}

export function Decide({ isOwn, submit, close }: DecideProps) {
  const { t, name } = useSpeech()
  const decisions: Schemas['ParameterDecision'][] = isOwn ? ['reject'] : ['approve', 'reject']
  return (
    <FormDialog<Schemas['DecideParameter']>
      title={t(isOwn ? 'parameter.take_back' : 'parameter.decide')}
      initial={{ decision: decisions[0] }}
      submit={submit}
      close={close}
    >
      <Form.Item name="decision" label={t('parameter.decision')}>
        <Radio.Group options={decisions.map((value) => ({ value, label: name('parameter_decision', value) }))} />
      </Form.Item>
      <Form.Item name="reason" label={t('action.reason')} rules={[{ required: true, whitespace: true, message: t('field.required') }]}>
        <Input.TextArea rows={3} maxLength={500} showCount />
      </Form.Item>
    </FormDialog>
  )
}
