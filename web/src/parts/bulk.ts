// The same done to many, one by one: some at once, each with an outcome of its own. What is refused for one stops no other.

/** As many are under way at once: the platform has others to answer. */
const AT_ONCE = 4

export type Outcome = { state: 'done'; note?: string } | { state: 'refused'; error: unknown }

/** Does `work` to each; `told` hears of every outcome as it comes, by its place. */
export async function each<Row>(
  rows: Row[],
  work: (row: Row) => Promise<string | undefined>,
  told: (place: number, outcome: Outcome) => void,
  atOnce = AT_ONCE,
): Promise<void> {
  let next = 0
  const worker = async () => {
    for (let place = next++; place < rows.length; place = next++) {
      try {
        told(place, { state: 'done', note: await work(rows[place] as Row) })
      } catch (error) {
        told(place, { state: 'refused', error })
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, rows.length) }, worker))
}

/** One thing for each of several: what was done of it, and the first refusal when nothing was. */
export async function some(works: (() => Promise<unknown>)[]): Promise<{ done: number; all: number }> {
  let done = 0
  let refused: unknown
  for (const work of works) {
    try {
      await work()
      done += 1
    } catch (error) {
      refused ??= error
    }
  }
  if (done === 0 && refused !== undefined) throw refused
  return { done, all: works.length }
}
