/** Chinese, then English. */
export type Words = Record<string, readonly [string, string]>

/** The words of one language. */
export type Table<Key extends string = string> = Record<Key, string>

export function inLanguage<All extends Words>(words: All, language: 'zh-CN' | 'en'): Table<keyof All & string> {
  const place = language === 'zh-CN' ? 0 : 1
  return Object.fromEntries(Object.entries(words).map(([key, pair]) => [key, pair[place]])) as Table<keyof All & string>
}
