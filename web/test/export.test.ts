import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { csv, defuse } from '../src/export/csv'
import { given } from '../src/export/whole'
import { xlsx } from '../src/export/xlsx'
import { wholeMatters } from '../src/features/matter/narrowing'
import { unescaped } from '../src/import/csv'

test('a CSV opens as UTF-8 in a spreadsheet and quotes what needs it', () => {
  expect(csv([['名称', 'a,b'], ['say "hi"', '行\n二']])).toBe('\uFEFF名称,"a,b"\r\n"say ""hi""","行\n二"\r\n')
})

/** The platform's own table, which its tests read as well. */
const PLAIN = JSON.parse(readFileSync(new URL('../../crates/server/src/export/plain.json', import.meta.url), 'utf8')) as [string, string][]

test.each(PLAIN)('a cell %j is written as %j, and read back as it was', (cell, expected) => {
  expect(defuse(cell)).toBe(expected)
  expect(unescaped(defuse(cell))).toBe(cell)
})

test('the platform is asked for what is set, and for nothing that the page narrows alone', () => {
  expect(given({ kind: 'exit', ended: false, state: undefined, waits: '' })).toEqual({ kind: 'exit', ended: false })
  expect(wholeMatters({ kind: 'exit', ended: 'true', due: 'soon' })).toEqual({ kind: 'exit', ended: true, due: 'soon' })
  expect(wholeMatters({ kind: 'exit', q: '银行' })).toBeUndefined()
  expect(wholeMatters({ due: 'later' })).toBeUndefined()
})

/** Another reader of the format: Python's own zip and XML. */
const READ = `
import sys, json, zipfile, xml.etree.ElementTree as tree
book = zipfile.ZipFile(sys.argv[1]); assert book.testzip() is None
space = {'m': 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'}
for name in book.namelist(): tree.fromstring(book.read(name))
sheet = tree.fromstring(book.read('xl/worksheets/sheet1.xml'))
def cell(c):
    text = c.find('m:is/m:t', space); number = c.find('m:v', space)
    return ['text', text.text] if text is not None else ['number', number.text] if number is not None else None
core = tree.fromstring(book.read('docProps/core.xml'))
print(json.dumps([[c.text for c in core]] + [[cell(c) for c in row] for row in sheet.find('m:sheetData', space)]))
`

test('a workbook keeps ids of 18 digits as text and numbers as numbers, and another program reads it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ykt-xlsx-'))
  const path = join(folder, 'book.xlsx')
  const made = xlsx({
    name: '渠道/台账',
    notes: ['导出'],
    head: ['统一社会信用代码', '签发量'],
    numeric: [false, true],
    made: { id: 'exp_01jd00000000000000000000', by: 'a<b' },
    rows: [['911000001000134565', '12345'], ['=1+1 <&"> \u0007', 'n/a'], ['', '']],
  })
  writeFileSync(path, made)
  const read: unknown = JSON.parse(execFileSync('python3', ['-c', READ, path], { encoding: 'utf8' }))
  rmSync(folder, { recursive: true })
  expect(read).toEqual([
    ['a<b', 'exp_01jd00000000000000000000'],
    [['text', '导出']],
    [['text', '统一社会信用代码'], ['text', '签发量']],
    [['text', '911000001000134565'], ['number', '12345']],
    [['text', '=1+1 <&"> '], ['text', 'n/a']],
    [null, null],
  ])
})
