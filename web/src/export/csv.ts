// CSV as spreadsheets open it: UTF-8 with a byte-order mark, CRLF, and no cell that a spreadsheet would run.

/** From so many digits on a spreadsheet shows a number as a power of ten; past 15 it loses the last ones. */
const LONG_NUMBER = 12

/** A cell that begins like a formula is made text by an apostrophe, and so is a number that a spreadsheet would spoil; any
 *  other number keeps its sign. The platform writes its own files so too. */
export function defuse(text: string): string {
  const isNumber = /^-?\d+(\.\d+)?$/.test(text)
  const isSpoilt = isNumber && (/^-?0\d/.test(text) || text.replace('-', '').length >= LONG_NUMBER)
  return isSpoilt || (/^[=+\-@\t\r]/.test(text) && !isNumber) ? `'${text}` : text
}

function cell(text: string): string {
  const safe = defuse(text)
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

export function csv(rows: string[][]): string {
  return `\uFEFF${rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('')}`
}
