// The first sheet of a workbook, as text. A number is what the file stores of it; one that has lost digits stays in the
// form in which that shows (1.23E+17), so that whoever checks it refuses it instead of taking another id for it.

import { strFromU8, type Unzipped, unzipSync } from 'fflate'
import { Parser } from 'saxen'
import { Illegible, type Line } from './table'

/** Most bytes that are unpacked. */
const MOST_INSIDE = 64 * 1024 * 1024
const PARTS = /^xl\/(workbook\.xml|_rels\/workbook\.xml\.rels|sharedStrings\.xml|worksheets\/[^/]+\.xml)$/i

export function fromXlsx(bytes: Uint8Array): Line[] {
  const parts = unpacked(bytes)
  try {
    const sheet = firstSheet(parts)
    if (sheet === undefined) throw new Illegible('import.broken')
    return linesOf(sheet, sharedStrings(parts['xl/sharedStrings.xml']))
  } catch (error) {
    throw error instanceof Illegible ? error : new Illegible('import.broken')
  }
}

function unpacked(bytes: Uint8Array): Unzipped {
  let inside = 0
  const filter = ({ name, originalSize }: { name: string; originalSize: number }) => {
    if (!PARTS.test(name)) return false
    inside += originalSize
    if (inside > MOST_INSIDE) throw new Illegible('import.too_much_inside')
    return true
  }
  try {
    return unzipSync(bytes, { filter })
  } catch (error) {
    throw error instanceof Illegible ? error : new Illegible('import.broken')
  }
}

interface Heard {
  open?: (name: string, attributes: Record<string, string>) => void
  close?: (name: string) => void
  text?: (text: string) => void
}

/** Reads XML, whatever prefixes its writer gave to the one namespace that matters. */
function hear(xml: Uint8Array, { open, close, text }: Heard): void {
  const local = (name: string) => name.slice(name.indexOf(':') + 1)
  const parser = new Parser()
  parser
    .on('openTag', (name, attributes, decode, isClosed) => {
      const told = Object.entries(attributes()).map(([key, value]) => [local(key), decode(value)])
      open?.(local(name), Object.fromEntries(told))
      if (isClosed) close?.(local(name))
    })
    .on('closeTag', (name) => close?.(local(name)))
    .on('text', (value, decode) => text?.(decode(value)))
    .on('cdata', (value) => text?.(value))
    .on('error', (error) => {
      throw error
    })
    .parse(strFromU8(xml))
}

/** The sheet that the workbook lists first. */
function firstSheet(parts: Unzipped): Uint8Array | undefined {
  let first: string | undefined
  let target: string | undefined
  const { 'xl/workbook.xml': book, 'xl/_rels/workbook.xml.rels': relations } = parts
  if (book) hear(book, { open: (name, { id }) => { if (name === 'sheet') first ??= id } })
  if (relations) hear(relations, { open: (name, { Id, Target }) => { if (name === 'Relationship' && Id === first) target = Target } })
  const path = target?.startsWith('/') ? target.slice(1) : `xl/${target}`
  return parts[path]
}

/** Texts that cells refer to by number; how one is read aloud is none of it. */
function sharedStrings(xml: Uint8Array | undefined): string[] {
  const strings: string[] = []
  let isText = false
  let isAloud = false
  if (!xml) return strings
  hear(xml, {
    open: (name) => {
      if (name === 'si') strings.push('')
      isText = name === 't' && !isAloud
      isAloud ||= name === 'rPh'
    },
    close: (name) => {
      isText = false
      if (name === 'rPh') isAloud = false
    },
    text: (text) => {
      if (isText) strings[strings.length - 1] += text
    },
  })
  return strings.map(unescaped)
}

function linesOf(xml: Uint8Array, shared: string[]): Line[] {
  const lines: Line[] = []
  let line = 0
  let column = -1
  let type = 'n'
  let content = ''
  let isContent = false
  const keep = (text: string) => {
    if (text === '') return
    const cells = (lines.at(-1)?.line === line ? lines.at(-1) : undefined)?.cells
    if (cells) cells[column] = text
    else lines.push({ line, cells: Object.assign([], { [column]: text }) })
  }
  hear(xml, {
    open: (name, { r, t }) => {
      if (name === 'row') {
        line = r ? Number(r) : line + 1
        column = -1
      } else if (name === 'c') {
        column = r ? columnOf(r) : column + 1
        type = t ?? 'n'
        content = ''
      }
      isContent = name === 'v' || name === 't'
    },
    close: (name) => {
      isContent = false
      if (name === 'c') keep(valueOf(type, content, shared))
    },
    text: (text) => {
      if (isContent) content += text
    },
  })
  return lines.map((one) => ({ ...one, cells: Array.from(one.cells, (cell) => cell ?? '') }))
}

/** `AB12` is in the 28th column, counted from 0. */
function columnOf(reference: string): number {
  const letters = /^[A-Z]+/.exec(reference)?.[0] ?? 'A'
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1
}

function valueOf(type: string, content: string, shared: string[]): string {
  if (type === 's') return shared[Number(content)] ?? ''
  if (type === 'b') return content === '1' ? 'TRUE' : 'FALSE'
  if (type !== 'n') return unescaped(content)
  // 330106 may be stored as 3.30106E5; of what has more digits than a number keeps, the exponent is the only sign.
  const value = Number(content)
  return /[eE]/.test(content) && Math.abs(value) < 1e15 ? String(value) : content
}

/** What XML has no place for is written as `_x000D_`. */
function unescaped(text: string): string {
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
}
