// Choosing to whom something goes.

import { Form, Input, Select } from 'antd'
import { useDivisions } from '../../app/divisions'
import { useSpeech } from '../../i18n'
import { useChannels } from '../../parts/choose'

const CLASSES = ['hrss', 'government', 'national_signed', 'bank', 'medical', 'social']
const SEARCHED = { optionFilterProp: 'label' }

export function AudienceFields({ hasKeyAge = false }: { hasKeyAge?: boolean }) {
  const { t, name, language } = useSpeech()
  const { provinces } = useDivisions()
  const channels = useChannels()
  return (
    <>
      <div className="form-grid">
        <Form.Item name={['audience', 'classes']} label={t('channel.class')}>
          <Select mode="multiple" placeholder={t('notice.any_class')} options={CLASSES.map((value) => ({ value, label: name('class', value) }))} />
        </Form.Item>
        <Form.Item name={['audience', 'regions']} label={t('channel.regions')}>
          <Select
            mode="multiple"
            placeholder={t('notice.any_region')}
            showSearch={SEARCHED}
            options={provinces.map(({ code, name: zh, name_en }) => ({ value: code, label: language === 'en' ? name_en : zh }))}
          />
        </Form.Item>
      </div>
      <Form.Item name={['audience', 'channel_ids']} label={t('notice.channels')}>
        <Select
          mode="multiple"
          placeholder={t('notice.any_channel')}
          showSearch={SEARCHED}
          options={channels.map((one) => ({ value: one.channel_id, label: `${one.name} ${one.number}` }))}
        />
      </Form.Item>
      {hasKeyAge && (
        <Form.Item name={['audience', 'registered_before']} label={t('rotation.registered_before')} extra={t('rotation.registered_before_hint')}>
          <Input type="date" max="9999-12-31" />
        </Form.Item>
      )}
    </>
  )
}
