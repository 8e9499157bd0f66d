import type { Fault, Told } from '../../import/plan'

/** What the platform says of `/rows/3/channel` is told at that row, and what it says of the report as a whole above. */
export function spread(errors: { pointer: string; message: string }[], count: number): Told {
  const faults = Array.from({ length: count }, (): Fault[] => [])
  const whole: string[] = []
  for (const { pointer, message } of errors) {
    const [, row, field] = /^\/rows\/(\d+)(?:\/(\w+))?/.exec(pointer) ?? []
    const own = row === undefined ? undefined : faults[Number(row)]
    if (own) own.push({ field, message })
    else whole.push(message)
  }
  return { verdicts: faults.map((own) => ({ outcome: own.length > 0 ? 'refused' : 'inserted', faults: own })), whole }
}
