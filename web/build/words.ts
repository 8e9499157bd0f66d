// Nobody needs both languages at once: each is a module of its own, made of the pairs when the pages are built.

import type { Plugin } from 'vite'
import { inLanguage } from '../src/i18n/pair.ts'
import { words } from '../src/i18n/words/index.ts'

const OWN = '\0'
const LANGUAGES = { 'virtual:words/zh-CN': 'zh-CN', 'virtual:words/en': 'en' } as const

function languageOf(id: string) {
  return Object.entries(LANGUAGES).find(([name]) => name === id)?.[1]
}

export function oneLanguage(): Plugin {
  return {
    name: 'one-language',
    resolveId: (id) => (languageOf(id) ? OWN + id : undefined),
    load(id) {
      const language = id.startsWith(OWN) ? languageOf(id.slice(OWN.length)) : undefined
      return language && `export default ${JSON.stringify(inLanguage(words, language))}`
    },
  }
}
