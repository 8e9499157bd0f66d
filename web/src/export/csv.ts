// CSV as spreadsheets open it: UTF-8 with a byte-order mark, CRLF, and no cell that a spreadsheet would run.

/** A cell that begins like a formula is made text by an apostrophe; a plain number may keep its sign. */
export function defuse(text: string): string {
  return /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text
}

function cell(text: string): string {
  const safe = defuse(text)
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

export function csv(rows: string[][]): string {
  return `\uFEFF${rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('')}`
}
