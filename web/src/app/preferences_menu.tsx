import { SettingOutlined } from '@ant-design/icons'
import { Button, Checkbox, Popover, Radio } from 'antd'
import { useSpeech } from '../i18n'
import { type Scheme, type TextSize, usePreferences } from './preferences'

const SCHEMES: Scheme[] = ['light', 'dark', 'system']
const SIZES: TextSize[] = [100, 125, 150]

/** Language, colours, size of text and how numbers are written. */
export function Preferences() {
  const { t } = useSpeech()
  const { language, scheme, textSize, isHigh, isGrey, isShort, choose } = usePreferences()
  const content = (
    <div className="preferences">
      <fieldset>
        <legend>{t('preferences.scheme')}</legend>
        <Radio.Group
          value={scheme}
          onChange={(event) => choose({ scheme: event.target.value as Scheme })}
          options={SCHEMES.map((value) => ({ value, label: t(`scheme.${value}`) }))}
        />
      </fieldset>
      <fieldset>
        <legend>{t('preferences.size')}</legend>
        <Radio.Group
          value={textSize}
          onChange={(event) => choose({ textSize: event.target.value as TextSize })}
          options={SIZES.map((value) => ({ value, label: `${value}%` }))}
        />
      </fieldset>
      <fieldset className="preferences-more">
        <legend>{t('preferences.more')}</legend>
        <Checkbox checked={isHigh} onChange={(event) => choose({ isHigh: event.target.checked })}>
          {t('preferences.high')}
        </Checkbox>
        <Checkbox checked={isGrey} onChange={(event) => choose({ isGrey: event.target.checked })}>
          {t('preferences.grey')}
        </Checkbox>
        <Checkbox checked={isShort} onChange={(event) => choose({ isShort: event.target.checked })}>
          {t('preferences.short')}
        </Checkbox>
      </fieldset>
    </div>
  )
  return (
    <>
      <Popover content={content} trigger="click" placement="bottomRight" title={t('preferences.title')}>
        <Button type="text" icon={<SettingOutlined />} aria-label={t('preferences.title')} />
      </Popover>
      <Button
        type="text"
        lang={language === 'en' ? 'zh-CN' : 'en'}
        onClick={() => choose({ language: language === 'en' ? 'zh-CN' : 'en' })}
      >
        {t('language.switch')}
      </Button>
    </>
  )
}
