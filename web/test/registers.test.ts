import { describe, expect, it } from 'vitest'
import { formerLike, like } from '../src/features/division/like'
import { held } from '../src/features/org/held'
import { words } from '../src/i18n/words'

describe('divisions are looked up', () => {
  const all = [
    { code: '330000', name: '浙江省', name_en: 'Zhejiang' },
    { code: '330100', name: '杭州市' },
    { code: '310000', name: '上海市', name_en: 'Shanghai' },
  ]
  const whole = (code: string) => (code === '330100' ? '浙江省杭州市' : (all.find((one) => one.code === code)?.name ?? code))
  const found = (sought: string) => like(all, sought, whole).map((one) => one.code)

  it('by the beginning of the code, by either name, and by the province', () => {
    expect(found('')).toEqual(['330000', '330100', '310000'])
    expect(found('33')).toEqual(['330000', '330100'])
    expect(found('00')).toEqual([])
    expect(found(' zhe')).toEqual(['330000'])
    expect(found('浙江省杭')).toEqual(['330100'])
  })

  it('and one that is no more by its code, its name, or what it became', () => {
    const former = [{ code: '339900', name: '甲市', ended: '2011-07', successors: ['330100', '310000'] }]
    const found = (sought: string) => formerLike(former, sought, whole).length
    expect(['', '3399', '甲', '杭州'].map(found)).toEqual([1, 1, 1, 1])
    expect(['3301', '乙'].map(found)).toEqual([0, 0])
  })
})

describe('what a role may do', () => {
  const operation = (operation: string, roles: string[]) => ({ operation, name: '', name_en: '', roles })
  const all = [operation('org.create', ['operator_admin']), operation('org.list', ['operator_admin', 'audit_admin'])]

  it('is what it holds, and everything when none is chosen', () => {
    expect(held(all, 'audit_admin').map((one) => one.operation)).toEqual(['org.list'])
    expect(held(all, '')).toEqual(all)
  })

  it('is said by powers that have names', () => {
    for (const power of ['system', 'security', 'audit']) expect(words).toHaveProperty([`power.${power}`])
  })
})
