// A region orders a channel's owner to put right one service that it opened to the channel, and suspends it if it must (ND-3.5e).

import { useQueryClient } from '@tanstack/react-query'
import { Checkbox, Form, Input, InputNumber, Select } from 'antd'
import { useNavigate } from 'react-router'
import type { Schemas } from '../../api/client'
import { useDivisions } from '../../app/divisions'
import { useSpeech } from '../../i18n'
import { FormDialog } from '../../parts/form_dialog'
import { labelOf } from '../matter/naming'
import { prepared } from '../matter/prepared'
import { type Matter, open } from '../matter/wire'
import { useServiceName } from '../service/services'

type Opening = Schemas['OpeningView']

const KIND = 'rectification'

interface Props {
  /** What may be ordered to be put right; one is chosen. */
  openings: Opening[]
  /** The matters that hint at a risk. */
  hints?: Matter[]
  close: () => void
}

interface Values {
  opening: { opening_id: string; words?: string; hint?: string; days?: number; is_suspended?: boolean }
}

export function OrderDialog({ openings, hints = [], close }: Props) {
  const { t, name } = useSpeech()
  const navigate = useNavigate()
  const client = useQueryClient()
  const divisions = useDivisions()
  const called = useServiceName()
  const required = { required: true, whitespace: true, message: t('field.required') }
  const submit = async ({ opening }: Values) => {
    const channel_id = openings.find((one) => one.opening_id === opening.opening_id)?.caller_id
    const ordered = await open({ kind: KIND, channel_id, opening: prepared(opening) })
    await Promise.all(['matter', 'opening'].map((noun) => client.invalidateQueries({ queryKey: [noun] })))
    void navigate(`/matters/${ordered.matter_id}`)
  }
  const label = (field: string) => labelOf(name, KIND, field)
  const initial = { opening: { opening_id: openings[0]?.opening_id ?? '', hint: hints[0]?.matter_id, is_suspended: false } }
  return (
    <FormDialog<Values> title={t('rectification.order')} initial={initial} submit={submit} close={close} width={640} inside="opening" okText={t('rectification.order')}>
      <Form.Item name={['opening', 'opening_id']} label={t('rectification.which')} rules={[required]}>
        <Select
          disabled={openings.length === 1}
          showSearch={{ optionFilterProp: 'label' }}
          options={openings.map((one) => ({ value: one.opening_id, label: `${called(one.service)} · ${divisions.name(one.division)}` }))}
        />
      </Form.Item>
      {hints.length > 0 && (
        <Form.Item name={['opening', 'hint']} label={label('hint')}>
          <Select allowClear options={hints.map((one) => ({ value: one.matter_id, label: one.title }))} />
        </Form.Item>
      )}
      <Form.Item name={['opening', 'words']} label={t('rectification.wrong')} rules={[required]}>
        <Input.TextArea rows={4} maxLength={2000} showCount />
      </Form.Item>
      <Form.Item name={['opening', 'days']} label={t('rectification.days')} extra={t('rectification.days_hint')}>
        <InputNumber min={1} precision={0} />
      </Form.Item>
      <Form.Item name={['opening', 'is_suspended']} valuePropName="checked" extra={t('rectification.suspend_hint')}>
        <Checkbox>{label('is_suspended')}</Checkbox>
      </Form.Item>
    </FormDialog>
  )
}
