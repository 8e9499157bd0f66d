import { describe, expect, it } from 'vitest'
import { LISTS, seek } from '../src/features/code/lists'
import { words } from '../src/i18n/words'

describe('codes', () => {
  it('have words in both languages, every one', () => {
    for (const { family, codes } of LISTS) for (const code of codes) expect(words, `${family}.${code}`).toHaveProperty([`${family}.${code}`])
  })

  it('are found by code, by name and by what they are codes of', () => {
    const title = (family: string) => `of ${family}`
    const name = (_: string, code: string) => (code === 'hrss' ? '人社' : '')
    const found = (sought: string) => seek(sought, title, name).map((list) => [list.family, list.codes.length])
    expect(found('').length).toBe(LISTS.length)
    expect(found('人社')).toEqual([['class', 1]])
    expect(found('HRSS')).toEqual([['class', 1]])
    expect(found('of class')).toEqual([['class', 6]])
    expect(found('nothing of the kind')).toEqual([])
  })
})
