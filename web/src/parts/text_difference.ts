// Where two texts differ, line by line: the longest run of lines that both have stays.

export interface Line {
  sign: '=' | '+' | '-'
  text: string
}

/** Most pairs of lines that are compared; of more, everything between the common ends is shown as replaced. */
const MOST_PAIRS = 4_000_000

const all = (sign: Line['sign'], lines: string[]): Line[] => lines.map((text) => ({ sign, text }))

/** How many lines both have at their beginning. */
function common(one: string[], other: string[]): number {
  let count = 0
  while (count < one.length && count < other.length && one[count] === other[count]) count += 1
  return count
}

export function textDifference(before: string, after: string): Line[] {
  const [from, to] = [before.split(/\r?\n/), after.split(/\r?\n/)]
  const head = common(from, to)
  const tail = common(from.slice(head).reverse(), to.slice(head).reverse())
  const [old, young] = [from.slice(head, from.length - tail), to.slice(head, to.length - tail)]
  return [...all('=', from.slice(0, head)), ...between(old, young), ...all('=', from.slice(from.length - tail))]
}

function between(old: string[], young: string[]): Line[] {
  if (old.length * young.length > MOST_PAIRS) return [...all('-', old), ...all('+', young)]
  // longest[i][j]: of the lines from i and from j on.
  const longest = Array.from({ length: old.length + 1 }, () => new Uint32Array(young.length + 1))
  const of = (i: number, j: number) => longest[i]?.[j] ?? 0
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = young.length - 1; j >= 0; j -= 1) {
      const row = longest[i]
      if (row) row[j] = old[i] === young[j] ? of(i + 1, j + 1) + 1 : Math.max(of(i + 1, j), of(i, j + 1))
    }
  }
  const lines: Line[] = []
  let [i, j] = [0, 0]
  while (i < old.length || j < young.length) {
    const [gone, come] = [old[i], young[j]]
    if (gone !== undefined && gone === come) {
      lines.push({ sign: '=', text: gone })
      i += 1
      j += 1
    } else if (gone !== undefined && (come === undefined || of(i + 1, j) >= of(i, j + 1))) {
      lines.push({ sign: '-', text: gone })
      i += 1
    } else {
      lines.push({ sign: '+', text: come ?? '' })
      j += 1
    }
  }
  return lines
}
