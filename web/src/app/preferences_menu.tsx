import { SettingOutlined } from '@ant-design/icons'
import { Button, Popover, Radio } from 'antd'
import { useSpeech } from '../i18n'
import { type Scheme, type TextSize, usePreferences } from './preferences'

const SCHEMES: Scheme[] = ['light', 'dark', 'system']
const SIZES: TextSize[] = [100, 125, 150]

/** Language, colours and size of text. */
export function Preferences() {
  const { t } = useSpeech()
  const { language, scheme, textSize, choose } = usePreferences()
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
