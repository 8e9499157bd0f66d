// Clauses and readings as the tables of the rules have them, tab-separated.

/** What one clause says, or how one that is unclear is read. */
export interface Said {
  id: string
  zh: string
  en: string
  /** It is the platform's reading and not the words of a document. */
  isReading: boolean
}

const rows = (text: string): string[][] =>
  text
    .split('\n')
    .slice(1)
    .filter((line) => line !== '')
    .map((line) => line.split('\t'))

export function read(clauses: string, readings: string): Said[] {
  return [
    ...rows(clauses).map(([id = '', , zh = '', en = '']) => ({ id, zh, en, isReading: false })),
    ...rows(readings).map(([id = '', , , zh = '', en = '']) => ({ id, zh, en, isReading: true })),
  ]
}

/** The one with this id; of an article, such as `CH-29`, all of its clauses. */
export function sayings(table: Said[], id: string): Said[] {
  const own = table.filter((one) => one.id === id)
  return own.length > 0 ? own : table.filter((one) => one.id.startsWith(`${id}.`) || new RegExp(`^${escaped(id)}[a-z]$`).test(one.id))
}

const escaped = (text: string) => text.replace(/[^\w-]/g, '\\$&')

/** The ids in what stands at a field: `CH-F3.4 CH-F3.5`. */
export const idsIn = (text: string): string[] => text.split(/[\s,，、]+/).filter((one) => one !== '')

/** The document of a clause, by the prefix of its id. */
export function documentOf(id: string): 'CH' | 'ND' | 'CM' | 'SE' | 'R' | undefined {
  const prefix = /^(CH|ND|CM|SE)-|^(R)\d/.exec(id)
  return (prefix?.[1] ?? prefix?.[2]) as 'CH' | undefined
}
