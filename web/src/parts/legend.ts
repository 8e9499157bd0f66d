// How much room the names of series take above a picture: the library that draws does not say.

/** How many lines the names of series may take beside each other in the narrowest card. */
export function legendRows(series: readonly { name: string }[]): number {
  const narrow = 300
  // A sign with its gaps, and a name: a Chinese letter is as wide as two others.
  const width = ({ name }: { name: string }) => 44 + [...name].reduce((sum, letter) => sum + (letter > '\u2e80' ? 12 : 6.5), 0)
  const rows = series.map(width).reduce(
    ({ rows, used }, next) => (used + next > narrow ? { rows: rows + 1, used: next } : { rows, used: used + next }),
    { rows: 1, used: 0 },
  )
  return rows.rows
}
