// CSV as spreadsheets open it: UTF-8 with a byte-order mark, CRLF, and no cell that a spreadsheet would run.

/** From so many digits on a spreadsheet shows a number as a power of ten; past 15 it loses the last ones. */
const LONG_NUMBER = 12

/** A cell that begins like a formula, or that a spreadsheet would take for something else than it is, is made text by an apostrophe;
 *  any other number keeps its sign. The platform writes its own files so too: one table of cases holds for both. */
export function defuse(text: string): string {
  const isNumber = /^-?\d+(\.\d+)?$/.test(text)
  const isShortened = isNumber && (/^-?0\d/.test(text) || text.replace('-', '').length >= LONG_NUMBER)
  // `12E34` is a code and `1-2` a place; a whole day of the calendar stays that day.
  const isPower = /^-?\d+(\.\d+)?[eE][-+]?\d+$/.test(text)
  const isGuessed = /^\d{1,4}([-/])\d{1,4}(\1\d{1,4})?$/.test(text) && !/^\d{4}-\d{2}-\d{2}$/.test(text)
  const isRun = /^[=+\-@\t\r]/.test(text) && !isNumber
  return isShortened || isPower || isGuessed || isRun ? `'${text}` : text
}

function cell(text: string): string {
  const safe = defuse(text)
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

export function csv(rows: string[][]): string {
  return `\uFEFF${rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('')}`
}
