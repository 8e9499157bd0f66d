// How numbers are written: whole, or short in the units of the language.

import type { Language } from '../app/preferences'

const UNITS: Record<Language, readonly (readonly [size: number, name: string])[]> = {
  'zh-CN': [[1e8, '亿'], [1e4, '万']],
  en: [[1e9, 'B'], [1e6, 'M'], [1e3, 'k']],
}

/** Two places at most: what is told short is not told exactly. */
const PLACES = 2

/** For a place of five characters at most: `59万`, `1.2万`, `588k`. The whole number stands beside it. */
export function brief(value: number, language: Language): string {
  const [size, name] = UNITS[language].find(([size]) => Math.abs(value) >= size) ?? [1, '']
  const amount = value / size
  return `${amount.toLocaleString('en-US', { maximumFractionDigits: Math.abs(amount) < 10 && size > 1 ? 1 : 0 })}${name}`
}

/** `12,345,678`; short `1,234.57万` and `12.35M`. */
export function counted(value: number, language: Language, isShort: boolean): string {
  const unit = isShort ? UNITS[language].find(([size]) => Math.abs(value) >= size) : undefined
  if (!unit) return value.toLocaleString('en-US')
  const [size, name] = unit
  return `${(value / size).toLocaleString('en-US', { maximumFractionDigits: PLACES })}${name}`
}
