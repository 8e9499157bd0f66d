// A workbook of one sheet. Every cell is text unless the column says that it is a number, so a spreadsheet cannot turn
// an id of 18 digits into 1.23E+17, and nothing is ever a formula.

import { strToU8, zipSync } from 'fflate'

export interface Sheet {
  name: string
  /** Lines above the table: who made it and when. */
  notes: string[]
  head: string[]
  /** Columns that hold numbers. */
  numeric: boolean[]
  rows: string[][]
  /** The id under which the making of the file is on record, and who made it: properties of the file, on no sheet. None
   *  for a file that tells nothing of the platform's: a template, or a person's own rows. */
  made?: { id: string; by: string }
  /** Cells of the rows that are coloured, by row and column. */
  isMarked?: (row: number, column: number) => boolean
}

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

/** Text for XML 1.0, which has no place for most control characters. */
export function escape(text: string): string {
  const allowed = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
  return allowed.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

const TEXT = 1
const BOLD = 2
const MARKED = 3

function cell(text: string, isNumber: boolean, style: number): string {
  if (text === '') return style === MARKED ? `<c s="${style}"/>` : '<c/>'
  if (isNumber && /^-?\d{1,15}(\.\d+)?$/.test(text)) return `<c><v>${text}</v></c>`
  return `<c t="inlineStr" s="${style}"><is><t xml:space="preserve">${escape(text)}</t></is></c>`
}

function row(cells: string[]): string {
  return `<row>${cells.join('')}</row>`
}

/** Shown width in characters; a Chinese one is two wide. */
function width(texts: string[]): number {
  const wide = texts.map((text) => [...text].reduce((sum, letter) => sum + (letter > '\u2e7f' ? 2 : 1), 0))
  return Math.min(60, Math.max(8, ...wide) + 2)
}

function sheetXml(sheet: Sheet): string {
  const above = sheet.notes.map((note) => row([cell(note, false, 0)]))
  const head = row(sheet.head.map((text) => cell(text, false, BOLD)))
  const style = (at: number, column: number) => (sheet.isMarked?.(at, column) ? MARKED : TEXT)
  const rows = sheet.rows.map((texts, at) =>
    row(texts.map((text, column) => cell(text, sheet.numeric[column] ?? false, style(at, column)))),
  )
  const columns = sheet.head.map((text, column) => {
    const wide = width([text, ...sheet.rows.slice(0, 200).map((texts) => texts[column] ?? '')])
    return `<col min="${column + 1}" max="${column + 1}" width="${wide}" customWidth="1"/>`
  })
  const frozen = sheet.notes.length + 1
  return (
    `${XML}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0">` +
    `<pane ySplit="${frozen}" topLeftCell="A${frozen + 1}" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>` +
    `<cols>${columns.join('')}</cols><sheetData>${above.join('')}${head}${rows.join('')}</sheetData></worksheet>`
  )
}

const STYLES =
  `${XML}<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/></font><font><b/><sz val="11"/></font></fonts>` +
  '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>' +
  '<fill><patternFill patternType="solid"><fgColor rgb="FFFFC7CE"/><bgColor indexed="64"/></patternFill></fill></fills>' +
  '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf/>' +
  '<xf numFmtId="49" applyNumberFormat="1"/><xf numFmtId="49" fontId="1" applyNumberFormat="1" applyFont="1"/>' +
  '<xf numFmtId="49" fillId="2" applyNumberFormat="1" applyFill="1"/></cellXfs></styleSheet>'

/** A workbook made twice from the same rows is the same file. */
const DATE = new Date(1980, 0, 1)

export function xlsx(sheet: Sheet): Uint8Array<ArrayBuffer> {
  const part = (name: string, kind: string) => `<Override PartName="${name}" ContentType="${TYPE}.${kind}+xml"/>`
  const relation = (id: number, kind: string, target: string) =>
    `<Relationship Id="rId${id}" Type="${OFFICE}/${kind}" Target="${target}"/>`
  const core =
    `${XML}<cp:coreProperties xmlns:cp="${PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">` +
    `${sheet.made ? `<dc:creator>${escape(sheet.made.by)}</dc:creator><dc:identifier>${escape(sheet.made.id)}</dc:identifier>` : ''}` +
    '</cp:coreProperties>'
  const metadata =
    `<Relationship Id="rId2" Type="${PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>`
  const relations = (inner: string) => `${XML}<Relationships xmlns="${PACKAGE}/relationships">${inner}</Relationships>`
  // A sheet's name has at most 31 characters and none of these.
  const name = escape(sheet.name.replace(/[[\]:*?/\\]/g, ' ').slice(0, 31))
  const files = {
    '[Content_Types].xml':
      `${XML}<Types xmlns="${PACKAGE}/content-types">` +
      '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
      `${part('/xl/workbook.xml', 'sheet.main')}${part('/xl/worksheets/sheet1.xml', 'worksheet')}` +
      `${part('/xl/styles.xml', 'styles')}` +
      '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>',
    '_rels/.rels': relations(relation(1, 'officeDocument', 'xl/workbook.xml') + metadata),
    'docProps/core.xml': core,
    'xl/workbook.xml':
      `${XML}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>` +
      `<sheet name="${name}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relations(relation(1, 'worksheet', 'worksheets/sheet1.xml') + relation(2, 'styles', 'styles.xml')),
    'xl/styles.xml': STYLES,
    'xl/worksheets/sheet1.xml': sheetXml(sheet),
  }
  const packed = Object.entries(files).map(([path, text]) => [path, strToU8(text)] as const)
  return zipSync(Object.fromEntries(packed), { mtime: DATE })
}
