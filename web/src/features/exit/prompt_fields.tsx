// How holders were prompted, and to which of the channels that can take them today (CH-34.1, CH-34.2).

import { Form, Select } from 'antd'
import { useSpeech } from '../../i18n'
import { PROMPT } from '../matter/asked'
import { AskedFields } from '../matter/asked_fields'
import { labelOf } from '../matter/naming'
import type { Matter } from '../matter/wire'
import { useSuccessors } from './successors'

const KIND = 'exit'
const SUCCESSORS = ['prompt', 'successors']
/** All but the channels, which are chosen among those that can take the holders. */
const OTHERS = PROMPT.filter(({ at }) => at.join('/') !== SUCCESSORS.join('/'))

export function PromptFields({ matter }: { matter: Matter }) {
  const { t, name } = useSpeech()
  const { data, isLoading } = useSuccessors(matter.channel_number)
  const options = (data ?? []).map((one) => ({ value: one.number, label: `${one.name} ${one.number}` }))
  return (
    <>
      <AskedFields kind={KIND} asked={OTHERS} matter_id={matter.matter_id} />
      <Form.Item
        name={SUCCESSORS}
        label={labelOf(name, KIND, 'successors')}
        extra={data?.length === 0 ? t('exit.no_successors') : t('exit.successors_hint')}
        rules={[{ required: true, message: t('field.required') }]}
      >
        <Select mode="multiple" loading={isLoading} options={options} showSearch={{ optionFilterProp: 'label' }} />
      </Form.Item>
    </>
  )
}
