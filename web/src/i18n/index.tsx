// Two languages. A word is a pair, Chinese first, so none can be missing in one of them; a key that does not exist
// does not compile. Only the language that is read is loaded; whoever changes it reads on until the other is there.

import { createContext, type ReactNode, use, useContext, useDeferredValue, useEffect, useMemo } from 'react'
import { type Language, usePreferences } from '../app/preferences'
import type { Table } from './pair'
import type { words } from './words'

export type Key = keyof typeof words & string
type Values = Record<string, string | number>

const LOADERS: Record<Language, () => Promise<{ default: Table<Key> }>> = {
  'zh-CN': () => import('virtual:words/zh-CN'),
  en: () => import('virtual:words/en'),
}
const loaded = new Map<Language, Promise<Table<Key>>>()

function load(language: Language): Promise<Table<Key>> {
  const known = loaded.get(language)
  if (known) return known
  const table = LOADERS[language]().then((module) => module.default)
  loaded.set(language, table)
  return table
}

export function say(table: Table<Key>, key: Key, values: Values = {}): string {
  return table[key].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}

export interface Speaker {
  language: Language
  /** The words under a key. */
  t: (key: Key, values?: Values) => string
  /** The words for a value that the server names, such as a state; the value itself when it is unknown here. */
  name: (family: string, value: string | null | undefined) => string
  /** Words, and what they are about. */
  about: (words: string, thing: string) => string
}

const Context = createContext<Speaker | null>(null)

export function Speech({ children }: { children: ReactNode }) {
  const language = useDeferredValue(usePreferences().language)
  const table = use(load(language))
  const speaker = useMemo<Speaker>(() => {
    const t: Speaker['t'] = (key, values) => say(table, key, values)
    const name: Speaker['name'] = (family, value) => {
      const key = `${family}.${value}`
      return key in table ? t(key as Key) : (value ?? '—')
    }
    return { language, t, name, about: (words, thing) => `${words}${language === 'en' ? ': ' : '：'}${thing}` }
  }, [language, table])
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
