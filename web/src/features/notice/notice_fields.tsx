// A notice to a channel or to many, to be acknowledged; an upgrade has a day by which it must be done (CH-17). Its title and text are
// written, or taken from a template that the platform fills for each channel.

import { Form, Select } from 'antd'
import { useState } from 'react'
import { useSpeech } from '../../i18n'
import { useChannels } from '../../parts/choose'
import { useNote } from '../../parts/use_draft'
import { Choice, Day, Line, Moment, Words } from '../matter/opening_items'
import { prepared } from '../matter/prepared'
import { Preview, TemplateField } from '../template/choice'
import { type Origin, TOPICS } from '../template/kinds'
import { inForce, kindOf, useTemplates } from '../template/wire'

const KIND = 'notice'
const AT = ['opening', 'template']

/** What stands in a field of the form around this. */
const useGiven = <T,>(...at: string[]) => Form.useWatch(at, Form.useFormInstance()) as T | undefined

export function NoticeFields({ channel_id }: { channel_id?: string }) {
  const { t } = useSpeech()
  const form = Form.useFormInstance()
  const note = useNote()
  const topic = useGiven<string>('opening', 'topic')
  const origin = useGiven<Origin>(...AT)
  const templates = useTemplates().filter((one) => kindOf(one) === KIND && one.topic === topic && inForce(one))
  const isUpgrade = topic === 'upgrade'
  // A template is about one topic: whoever chooses another takes none of it.
  const turn = () => {
    form.setFieldValue(AT, undefined)
    note({ opening: { template: undefined } })
  }
  return (
    <>
      <Choice field="topic" label={t('open.topic')} words={TOPICS} turn={turn} />
      {isUpgrade && <Choice field="nature" label={t('open.nature')} words={['functional', 'security']} />}
      {(templates.length > 0 || origin) && (
        <TemplateField field={AT} label={t('template.of_notice')} hint={t(channel_id ? 'template.take_notice' : 'template.take_notices')} templates={templates} />
      )}
      {!origin && <Line field="subject" label={t('open.subject')} />}
      {!origin && <Words field="words" label={t('open.words')} />}
      <div className="form-grid">
        <Moment field="from" label={t('open.starts_at')} isOptional />
        <Moment field="until" label={t('open.ends_at')} isOptional />
        <Day field="acknowledge_by" label={t('open.acknowledge_by')} />
        {isUpgrade && <Day field="upgrade_by" label={t('open.upgrade_by')} />}
      </div>
      {origin && <Tried origin={origin} channel_id={channel_id} />}
    </>
  )
}

/** What one receiver will read, the first that is named or any other. */
function Tried({ origin, channel_id }: { origin: Origin; channel_id?: string }) {
  const { t } = useSpeech()
  const channels = useChannels()
  const [tried, setTried] = useState<string>()
  const named = useGiven<string[]>('audience', 'channel_ids')
  const given = { from: useGiven<string>('opening', 'from'), until: useGiven<string>('opening', 'until') }
  const days = { acknowledge_by: useGiven<string>('opening', 'acknowledge_by'), upgrade_by: useGiven<string>('opening', 'upgrade_by') }
  const shown = channel_id ?? tried ?? named?.[0]
  return (
    <>
      {!channel_id && (
        <Form.Item label={t('template.tried')} htmlFor="tried">
          <Select
            id="tried"
            showSearch={{ optionFilterProp: 'label' }}
            value={shown}
            onChange={setTried}
            options={channels.map((one) => ({ value: one.channel_id, label: `${one.name} ${one.number}` }))}
          />
        </Form.Item>
      )}
      <Preview field={AT} kind={KIND} origin={origin} channel_id={shown} told={prepared({ ...given, ...days }) as Record<string, string>} />
    </>
  )
}
