// Workbooks and old encodings, as another program than ours handles them: Python.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Download } from 'playwright-core'

const READ = `
import sys, zipfile, xml.etree.ElementTree as tree, json
space = {'m': 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'}
sheet = tree.fromstring(zipfile.ZipFile(sys.argv[1]).read('xl/worksheets/sheet1.xml'))
def cell(c):
    text = c.find('m:is/m:t', space)
    number = c.find('m:v', space)
    return [text.text if text is not None else number.text if number is not None else '', c.get('s') == '3']
print(json.dumps([[cell(c) for c in row] for row in sheet.find('m:sheetData', space)]))
`
const MEND = `
import sys, zipfile
source, target, old, new = sys.argv[1:]
with zipfile.ZipFile(source) as book, zipfile.ZipFile(target, 'w', zipfile.ZIP_DEFLATED) as mended:
    for name in book.namelist():
        mended.writestr(name, book.read(name).decode().replace(old, new))
`

/** A folder for files of a person who works with a spreadsheet. */
export class Spreadsheets {
  private readonly folder = mkdtempSync(join(tmpdir(), 'ykt-sheets-'))

  clear(): void {
    rmSync(this.folder, { recursive: true })
  }

  /** Keeps what a page handed out. */
  async keep(file: Promise<Download>, name: string): Promise<string> {
    const path = join(this.folder, name)
    await (await file).saveAs(path)
    return path
  }

  /** The cells of a workbook, and which of them are coloured. */
  read(path: string): [string, boolean][][] {
    return JSON.parse(execFileSync('python3', ['-c', READ, path], { encoding: 'utf8' })) as [string, boolean][][]
  }

  /** The same workbook with a text in place of another. */
  mend(path: string, from: string, to: string): string {
    const mended = path.replace(/\.xlsx$/, '-mended.xlsx')
    execFileSync('python3', ['-c', MEND, path, mended, from, to])
    return mended
  }
}

/** CSV as spreadsheets of old wrote it. */
export function inGb18030(rows: string[][]): Buffer {
  const text = rows.map((row) => `${row.join(',')}\r\n`).join('')
  return execFileSync('python3', ['-c', "import sys; sys.stdout.buffer.write(sys.stdin.buffer.read().decode().encode('gb18030'))"], { input: text })
}
