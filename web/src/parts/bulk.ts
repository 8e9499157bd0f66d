// The same done to many, one by one: some at once, each with an outcome of its own. What is refused for one stops no other.

/** As many are under way at once: the platform has others to answer. */
const AT_ONCE = 4

/** What was done of one: all of it, perhaps with a note; or a part, with why the rest was not. */
export type Done = string | undefined | { note: string; refused: unknown }

export type Outcome = { state: 'done'; note?: string } | { state: 'partly'; note: string; error: unknown } | { state: 'refused'; error: unknown }

/** Does `work` to each; `told` hears of every outcome as it comes, by its place. */
export async function each<Row>(
  rows: Row[],
  work: (row: Row) => Promise<Done>,
  told: (place: number, outcome: Outcome) => void,
  atOnce = AT_ONCE,
): Promise<void> {
  let next = 0
  const worker = async () => {
    for (let place = next++; place < rows.length; place = next++) {
      try {
        const done = await work(rows[place] as Row)
        told(place, typeof done === 'object' ? { state: 'partly', note: done.note, error: done.refused } : { state: 'done', note: done })
      } catch (error) {
        told(place, { state: 'refused', error })
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, rows.length) }, worker))
}

/** One thing for each of several: of how many it was done, and the first refusal of the rest; refused when it was done of none. */
export async function some(works: (() => Promise<unknown>)[]): Promise<{ done: number; all: number; refused?: unknown }> {
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
  return refused === undefined ? { done, all: works.length } : { done, all: works.length, refused }
}
