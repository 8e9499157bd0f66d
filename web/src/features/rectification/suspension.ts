// Whether a rectification withholds its service, as its body tells it.

/** A moment as the rules write it: microseconds or RFC 3339. */
type Moment = number | string

interface Said {
  words: string
  at: Moment
}

export interface Rectification {
  opening: string
  service: string
  division: number | string
  words: string
  hint?: string | null
  ordered_by: { party: string; division: number | string }
  ordered_at: Moment
  due: unknown
  suspension?: { said: Said; lifted_at?: Moment | null } | null
}

export interface Suspended {
  from: string
  /** When it went on; none while it is withheld. */
  until?: string
  words: string
}

const moment = (at: Moment): string => (typeof at === 'number' ? new Date(at / 1000).toISOString() : at)

/** Since when, and until when, the service was withheld; nothing where it never was. */
export function suspensionOf({ suspension }: Pick<Rectification, 'suspension'>): Suspended | undefined {
  if (!suspension) return undefined
  const { said, lifted_at } = suspension
  return { from: moment(said.at), until: lifted_at === null || lifted_at === undefined ? undefined : moment(lifted_at), words: said.words }
}
