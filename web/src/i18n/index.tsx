// Two languages. A word is a pair, Chinese first, so none can be missing in one of them; a key that does not exist
// does not compile.

import { createContext, type ReactNode, useContext, useEffect, useMemo } from 'react'
import { type Language, usePreferences } from '../app/preferences'
import { words } from './words'

export type Key = keyof typeof words
type Values = Record<string, string | number>

export function translate(language: Language, key: Key, values: Values = {}): string {
  const text: string = words[key][language === 'zh-CN' ? 0 : 1]
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}

export interface Speaker {
  language: Language
  /** The words under a key. */
  t: (key: Key, values?: Values) => string
  /** The words for a value that the server names, such as a state; the value itself when it is unknown here. */
  name: (family: string, value: string | null | undefined) => string
}

const Context = createContext<Speaker | null>(null)

export function Speech({ children }: { children: ReactNode }) {
  const { language } = usePreferences()
  const speaker = useMemo<Speaker>(() => {
    const t: Speaker['t'] = (key, values) => translate(language, key, values)
    const name: Speaker['name'] = (family, value) => {
      const key = `${family}.${value}`
      return key in words ? t(key as Key) : (value ?? '—')
    }
    return { language, t, name }
  }, [language])
  useEffect(() => {
    document.documentElement.lang = language
  }, [language])
  return <Context value={speaker}>{children}</Context>
}

export function useSpeech(): Speaker {
  const speaker = useContext(Context)
  if (!speaker) throw new Error('useSpeech outside Speech')
  return speaker
}
