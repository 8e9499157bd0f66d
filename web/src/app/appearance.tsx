// Theme, language and nonce for every component. The nonce comes with the page and is good for this load of it.

import { App, ConfigProvider } from 'antd'
import enUS from 'antd/locale/en_US'
import zhCN from 'antd/locale/zh_CN'
import { type ReactNode, useLayoutEffect, useMemo } from 'react'
import { nonce } from './nonce'
import { usePreferences } from './preferences'
import { antdTheme, paint } from './theme'

export function Appearance({ children }: { children: ReactNode }) {
  const { isDark, isHigh, isGrey, language, textSize } = usePreferences()
  const theme = useMemo(() => antdTheme({ isDark, isHigh }, textSize), [isDark, isHigh, textSize])
  useLayoutEffect(() => paint({ isDark, isHigh, isGrey }, textSize), [isDark, isHigh, isGrey, textSize])
  return (
    <ConfigProvider csp={{ nonce }} theme={theme} locale={language === 'en' ? enUS : zhCN} button={{ autoInsertSpace: false }}>
      <App>{children}</App>
    </ConfigProvider>
  )
}
