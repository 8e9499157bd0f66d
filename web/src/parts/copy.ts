// Putting a text on the clipboard, which a browser may refuse, and which it does not have without HTTPS.

import { App } from 'antd'
import { useSpeech } from '../i18n'

/** Whether the text lies on the clipboard now. */
export async function isCopied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}

/** Copies a text and says how that went. */
export function useCopy(): (text: string) => Promise<void> {
  const { t } = useSpeech()
  const { message } = App.useApp()
  return async (text) => {
    if (await isCopied(text)) message.success(t('action.copied'))
    else message.error(t('action.not_copied'))
  }
}
