// Files as people bring them, and how their rows go to the platform.

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { csv } from '../src/export/csv'
import { xlsx } from '../src/export/xlsx'
import type { Language } from '../src/app/preferences'
import { type Key, say } from '../src/i18n'
import { inLanguage } from '../src/i18n/pair'
import { words } from '../src/i18n/words'
import { fromCsv, unescaped } from '../src/import/csv'
import { errorSheet, type Import, type Row, run, type Shape, type Sheaf, sheafOf, templateOf, type Verdict } from '../src/import/plan'
import { decoded, Illegible, MOST_BYTES, read, type Table } from '../src/import/table'
import { fromXlsx } from '../src/import/xlsx'
import { spread } from '../src/features/matter/spread'
import { ORGS } from '../src/features/org/rows'
import { OPENINGS } from '../src/features/service/rows'

const speech = (language: Language) => ({
  language,
  t: (key: Key, values?: Record<string, string | number>) => say(inLanguage(words, language), key, values),
})
const zh = speech('zh-CN')
const { t } = zh
const file = (content: BlobPart, name: string) => new File([content], name)
const text = (words: string) => new TextEncoder().encode(words)

/** Written by openpyxl: shared texts, numbers, a day, a formula's place left out, a blank row, and a second sheet. */
const OPENPYXL = readFileSync(new URL('files/openpyxl.xlsx', import.meta.url))

test('a workbook of another program is read as its first sheet says, and no number is made of an id', () => {
  expect(fromXlsx(OPENPYXL)).toEqual([
    { line: 1, cells: ['某市终端台账'] },
    { line: 2, cells: ['序列号', '使用单位（统一社会信用代码）', '所在地（行政区划代码）', '终端机编号', '备注'] },
    { line: 3, cells: ['SN-1', '91110000600037341L', '330106', '330100000001', '一楼 & <大厅>'] },
    { line: 4, cells: ['SN-2', '91110000600037341L', '330106', '330100000002'] },
    { line: 6, cells: ['SN-𬭊', '', 'TRUE', expect.stringMatching(/^1\.2345\d+[eE]\+18$/), '46082'] },
    { line: 9, cells: ['远'] },
  ])
})

test('what our own writer made is read again, cell by cell', () => {
  const rows = [['=1+1', '00012', ' a\nb '], ['', '张三 & <李四>', '_x0041_']]
  const made = xlsx({ name: '表', notes: ['注'], head: ['一', '二', '三'], numeric: [], rows })
  expect(fromXlsx(made).map(({ cells }) => cells)).toEqual([['注'], ['一', '二', '三'], rows[0], rows[1]?.with(2, 'A')])
})

test('what is no workbook is told, whatever else it is', () => {
  for (const bytes of [text('PK no archive'), text(''), text('名称,值'), OPENPYXL.subarray(0, 4000)]) {
    expect(() => fromXlsx(bytes)).toThrow(new Illegible('import.broken'))
  }
})

test('a file is taken by its kind, its size and whether it says anything', async () => {
  const why = async (one: File) => {
    const refused = await read(one).catch((error: unknown) => error)
    return refused instanceof Illegible ? refused.why : refused
  }
  expect(await why(file('x', 'old.xls'))).toBe('import.not_taken')
  expect(await why(file(new Uint8Array(MOST_BYTES + 1), 'a.csv'))).toBe('import.too_large')
  expect(await why(file('\uFEFF\r\n , \r\n', 'a.csv'))).toBe('import.empty')
  expect((await read(file(new Uint8Array(OPENPYXL), 'A.XLSX'))).lines).toHaveLength(6)
})

test('CSV is read with quotes, in any of three encodings, and what the export escaped is taken back', async () => {
  const rows = [['名称', 'a,b'], ['say "hi"', '行\n二'], ['=1+1', '-5']]
  const own = await read(file(csv(rows), 'own.csv'))
  expect(own).toEqual({ encoding: 'UTF-8', lines: rows.map((cells, place) => ({ line: place + 1, cells })) })
  // 名称,值 as a Chinese spreadsheet writes it; 䶮 is of two bytes in it and 𬭊 of four.
  const gb = new Uint8Array([0xc3, 0xfb, 0xb3, 0xc6, 0x2c, 0xd6, 0xb5])
  expect(decoded(gb)).toEqual({ encoding: 'GB 18030', text: '名称,值' })
  expect(decoded(new Uint8Array([0xfe, 0x9f, 0x99, 0x33, 0xa8, 0x38])).text).toBe('䶮𬭊')
  expect(decoded(new Uint8Array([0xff, 0xfe, 0x0d, 0x54, 0x09, 0x00]))).toEqual({ encoding: 'UTF-16', text: '名\t' })
  expect(fromCsv('a;b\r"c;d";"e"\n')).toEqual([['a', 'b'], ['c;d', 'e']])
  expect(fromCsv('a\tb,c\td\n1\t')).toEqual([['a', 'b,c', 'd'], ['1', '']])
  expect(['\'=1', '\'名', '\'-5'].map(unescaped)).toEqual(['=1', '\'名', '-5'])
})

const PLAN: Import = {
  columns: [
    { field: 'serial', title: 'terminal.serial', hint: 'import.hint', isRequired: true },
    { field: 'uses', title: 'field.uses', hint: 'import.hint', isNumber: true },
  ],
  keys: [['serial']],
  chunk: 2,
  most: 6,
  send: async (rows) => ({
    verdicts: rows.map(({ serial }) =>
      serial === 'bad' ? { outcome: 'refused', faults: [{ field: 'serial', message: '不对' }] } : { outcome: 'inserted', faults: [] },
    ),
  }),
}

const table = (...rows: string[][]): Table => ({ lines: rows.map((cells, place) => ({ line: place + 1, cells })) })
function sheaf(plan: Shape, ...rows: string[][]): Sheaf {
  const made = sheafOf(table(...rows), plan, zh)
  if (typeof made === 'string') throw new Error(made)
  return made
}

test('columns are found by their names in either language, in any order, below whatever stands above them', () => {
  const { rows, places } = sheaf(PLAN, ['台账'], ['备注', ' USES', 'Serial number*'], ['x', '5', ' a\u3000'])
  expect([...places]).toEqual([['serial', 2], ['uses', 1]])
  expect(rows.map(({ line, values, faults }) => ({ line, values, faults }))).toEqual([
    { line: 3, values: { serial: 'a', uses: '5' }, faults: [] },
  ])
})

test('a file that cannot be an import of this kind is told as a whole', () => {
  const head = ['序列号', '使用量']
  expect(sheafOf(table(['使用量'], ['1']), PLAN, zh)).toBe('找不到列：序列号。请使用模板的表头')
  expect(sheafOf(table(head), PLAN, zh)).toBe('表头下没有数据行')
  const seven = Array.from({ length: 7 }, (_, at) => [`s${at}`, '1'])
  expect(sheafOf(table(head, ...seven), PLAN, zh)).toContain('共 7 行')
  expect(typeof sheafOf(table(head, ...seven.slice(1)), PLAN, zh)).toBe('object')
})

test('a key that the file has twice, a number that is none and a cell without end are found before anybody is asked', () => {
  const { rows } = sheaf(PLAN, ['序列号', '使用量'], ['a', '1'], ['a', '-1'], ['x'.repeat(501), '1.5'], ['', '999999999999999'])
  expect(rows.map(({ faults }) => faults.map(({ field }) => field))).toEqual([[], ['uses', 'serial'], ['serial', 'uses'], []])
  expect(rows[1]?.faults.at(-1)?.message).toBe('与第 2 行重复')
})

interface Ran {
  found: Map<number, Verdict>
  sent: string[][]
  whole: string[]
  error?: unknown
}

async function ran(plan: Import, rows: Row[], { found = new Map(), breaksAt = 99, stopsAt = 99 }: { found?: Ran['found']; breaksAt?: number; stopsAt?: number } = {}): Promise<Ran> {
  const controller = new AbortController()
  const told: Ran = { found, sent: [], whole: [] }
  const send: Import['send'] = async (part, how) => {
    if (told.sent.length === breaksAt) throw new Error('network')
    if (told.sent.length === stopsAt) controller.abort(new Error('cancelled'))
    told.sent.push(part.map(({ serial = '' }) => serial))
    return plan.send(part, how)
  }
  const progress = (next: Ran['found'], whole: string[]) => Object.assign(told, { found: next, whole })
  await run({ ...plan, send }, rows, found, { isDry: true, signal: controller.signal, progress }).catch((error: unknown) => {
    told.error = error
  })
  return told
}

test('rows go chunk by chunk, wrong ones stay behind, and a course that broke off goes on where it stopped', async () => {
  const { rows } = sheaf(PLAN, ['序列号', '使用量'], ['a', '1'], ['b', 'x'], ['c', '1'], ['bad', '1'], ['e', '1'])
  const broken = await ran(PLAN, rows, { breaksAt: 1 })
  expect(broken.sent).toEqual([['a', 'c']])
  expect(broken.error).toEqual(new Error('network'))
  expect([...broken.found.keys()].sort()).toEqual([2, 3, 4])
  const whole = await ran(PLAN, rows, { found: broken.found })
  expect(whole.sent).toEqual([['bad', 'e']])
  expect([...whole.found].sort().map(([line, { outcome }]) => [line, outcome])).toEqual([
    [2, 'inserted'], [3, 'refused'], [4, 'inserted'], [5, 'refused'], [6, 'inserted'],
  ])
  const stopped = await ran(PLAN, rows, { stopsAt: 1 })
  expect([stopped.sent.length, stopped.error, stopped.found.size]).toEqual([2, new Error('cancelled'), 3])
})

test('what is taken as a whole is sent with its wrong rows, so that everything wrong is told at once', async () => {
  const plan: Import = { ...PLAN, isWhole: true, chunk: 9 }
  const { rows } = sheaf(plan, ['序列号', '使用量'], ['a', 'x'], ['bad', '1'], ['a', '1'])
  const { sent, found } = await ran(plan, rows)
  expect(sent).toEqual([['a', 'bad', 'a']])
  expect([...found.values()].map(({ outcome }) => outcome)).toEqual(['refused', 'refused', 'inserted'])
})

test('the errors are the own rows in their own columns, with the reason behind and the wrong cells marked', async () => {
  const one = sheaf(PLAN, ['备注', '序列号', '错误原因', '使用量'], ['=x', 'bad', '旧', 'y'], ['', 'good', '', '1'])
  const { found } = await ran(PLAN, one.rows.map((row) => ({ ...row, faults: row.values.uses === 'y' ? [] : row.faults })))
  const sheet = errorSheet(one, found, '清单', zh)
  expect(sheet.head).toEqual(['备注', '序列号', '使用量', '错误原因'])
  expect(sheet.rows).toEqual([['=x', 'bad', 'y', '不对'], ['', 'good', '1', '']])
  const marks = sheet.rows.map((row, at) => row.map((_, column) => sheet.isMarked?.(at, column)))
  expect(marks).toEqual([[false, true, false, true], [false, false, false, false]])
  expect(sheafOf({ lines: fromXlsx(xlsx(sheet)) }, PLAN, zh)).toMatchObject({ rows: [{ values: { serial: 'bad' } }, { values: { serial: 'good' } }] })
})

test('a template that was filled in is an import of its kind', () => {
  const plan: Import = { ...PLAN, filled: [{ serial: 'a' }] }
  const made = sheafOf({ lines: fromXlsx(xlsx(templateOf(plan, '模板', t))) }, plan, zh)
  expect(made).toMatchObject({ rows: [{ values: { serial: 'a', uses: '' } }] })
})

test('what the platform says of a place in a report is told at that row, and the rest of the whole', () => {
  const errors = [
    { pointer: '/rows/1/channel', message: '重复' },
    { pointer: '/rows', message: '缺少' },
    { pointer: '/rows/7/uses', message: '没有这一行' },
  ]
  expect(spread(errors, 2)).toEqual({
    verdicts: [{ outcome: 'inserted', faults: [] }, { outcome: 'refused', faults: [{ field: 'channel', message: '重复' }] }],
    whole: ['缺少', '没有这一行'],
  })
})

test('reasons and missing columns are listed as each language lists, in the returned workbook too', () => {
  const en = speech('en')
  const two: Import = { ...PLAN, columns: PLAN.columns.map((column) => ({ ...column, isRequired: true })) }
  const missing = (of: typeof zh) => String(sheafOf(table(['?'], ['1']), two, of))
  expect(missing(zh)).toContain('、')
  expect(missing(en)).toContain(', ')
  expect(missing(en)).not.toMatch(/[、；]/)
  const one = sheaf(PLAN, ['序列号', '使用量'], ['bad', 'y'])
  const faults = [{ message: 'first' }, { message: 'second' }]
  const found = new Map<number, Verdict>([[2, { outcome: 'refused', faults }]])
  expect(errorSheet(one, found, 'list', en).rows[0]?.at(-1)).toBe('first; second')
  expect(errorSheet(one, found, '清单', zh).rows[0]?.at(-1)).toBe('first；second')
})

/** 机构名称,机构类型,行政区划代码,统一社会信用代码 and two rows, as a Chinese spreadsheet writes them. */
const ORGS_GB = readFileSync(new URL('files/orgs.gb18030.csv', import.meta.url))

test('organisations of an old spreadsheet are read as they were written, and known by code or by name and place', async () => {
  const table = await read(file(new Uint8Array(ORGS_GB), '机构.csv'))
  expect(table.encoding).toBe('GB 18030')
  const made = sheafOf(table, ORGS, zh)
  expect(made).toMatchObject({
    rows: [
      { values: { name: '杭州市数据局', kind: '用卡部门', division: '330100', uscc: '91110000600037341L' }, faults: [] },
      { values: { name: '𬭊县人社局', kind: '地市级人社部门', division: '330100', uscc: '' }, faults: [] },
    ],
  })
  const again = sheaf(
    ORGS,
    ['机构名称', '机构类型', '行政区划代码', '统一社会信用代码'],
    ['甲', '用卡部门', '330106', ''],
    ['甲', '用卡部门', '330108', ''],
    ['甲', '安全检测机构', '330106', ''],
    ['乙', '用卡部门', '330106', '91110000600037341L'],
    ['丙', '用卡部门', '330106', '91110000600037341L'],
    ['乙', '用卡部门', '330106', ''],
  )
  expect(again.rows.map(({ faults }) => faults.map(({ field }) => field))).toEqual([[], [], ['name'], [], ['uscc'], []])
})

test('an opening is known by all of it, and a template of each kind is an import of its kind', () => {
  const { rows } = sheaf(
    OPENINGS,
    ['事项（名称或编码）', '渠道编号或终端序列号', 'Where (division code)'],
    ['身份核验', '3301000001', '330106'],
    ['身份核验', '3301000001', '330108'],
    ['扫码支付', '3301000001', '330106'],
    ['身份核验', '3301000001', '330106'],
  )
  expect(rows.map(({ faults }) => faults.length)).toEqual([0, 0, 0, 1])
  expect(rows[3]?.faults[0]).toEqual({ field: 'service', message: '与第 2 行重复' })
  for (const plan of [ORGS, OPENINGS]) {
    const filled = [Object.fromEntries(plan.columns.map(({ field }) => [field, 'x']))]
    expect(sheafOf({ lines: fromXlsx(xlsx(templateOf({ ...plan, filled }, '模板', t))) }, plan, zh)).toMatchObject({
      rows: [{ values: filled[0], faults: [] }],
    })
  }
})
