// A draft: what somebody has filled in and not sent. It is kept in this tab of the browser, under the account and the form,
// until it is sent, given up, or the account signs out; a sign-in that ends by itself leaves it. A secret is never in
// it, and neither is a file, which the platform has already.

export interface Kept {
  /** The whole of the form. */
  values: Record<string, unknown>
  /** When it was last changed. */
  at: string
  /** The version of the matter that it was begun on. */
  version?: number
}

/** As whom a form is filled in before anybody has signed in. */
export const NOBODY = 'nobody'

const KEPT_UNDER = 'ykt.draft'
/** Also the people that a ticket or a risk event is about. */
const SECRET = /password|secret|private|proof|receipt|typed_to_confirm|^holder$|^recipient$/
/** What holds for the version that it was filled in on and no other: what was signed, and what was looked through. */
export const BOUND = ['signature', 'confirmed', 'seen']
const FILE = /^att_[0-9a-z]{26}$/

type Place = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>

const underAccount = (who: string) => `${KEPT_UNDER}/${who}/`
export const keyOf = (who: string, form: string) => `${underAccount(who)}${form}`

/** What may be kept of what was filled in; nothing when there is nothing else in it. */
export const written = (value: unknown): unknown => without(value, (name) => SECRET.test(name))

/** What of a draft may be taken up on another version of the matter. */
export const carried = (values: Kept['values']): Kept['values'] => (without(values, (name) => BOUND.includes(name)) ?? {}) as Kept['values']

function without(value: unknown, isLeftOut: (name: string) => boolean): unknown {
  if (typeof value === 'string') return FILE.test(value) ? undefined : value
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    const items = value.map((one) => without(one, isLeftOut))
    return value.length > 0 && items.every((one) => one === undefined) ? undefined : items
  }
  const all = Object.entries(value)
  const fields = all.filter(([name]) => !isLeftOut(name)).map(([name, one]) => [name, one, without(one, isLeftOut)] as const)
  const left = fields.filter(([, before, after]) => before === undefined || after !== undefined)
  return all.length > 0 && left.length === 0 ? undefined : Object.fromEntries(left.map(([name, , after]) => [name, after]))
}

/** Keeps it; a browser that keeps nothing, or no more, is no reason to stop anybody. */
export function keep(place: Place, key: string, draft: Kept): boolean {
  try {
    place.setItem(key, JSON.stringify({ ...draft, values: written(draft.values) ?? {} }))
    return true
  } catch {
    return false
  }
}

/** What was kept; anything strange counts as nothing. */
export function read(place: Place, key: string): Kept | null {
  try {
    const kept = JSON.parse(place.getItem(key) ?? 'null') as Partial<Kept> | null
    if (typeof kept?.at !== 'string' || typeof kept.values !== 'object' || kept.values === null) return null
    return { values: kept.values, at: kept.at, version: typeof kept.version === 'number' ? kept.version : undefined }
  } catch {
    return null
  }
}

export function drop(place: Place, key: string): void {
  try {
    place.removeItem(key)
  } catch {
    // Nothing was kept either.
  }
}

/** The keys of all drafts, or those of one account. */
function keysOf(place: Place, who?: string): string[] {
  try {
    const keys = Array.from({ length: place.length }, (_, at) => place.key(at) ?? '')
    return keys.filter((key) => key.startsWith(who === undefined ? `${KEPT_UNDER}/` : underAccount(who)))
  } catch {
    return []
  }
}

/** How many drafts an account has here. */
export const countOf = (place: Place, who: string): number => keysOf(place, who).length

/** Of all drafts only those of one account stay, or none. */
export function keepOnly(place: Place, who?: string): void {
  const theirs = who === undefined ? [] : keysOf(place, who)
  for (const key of keysOf(place)) if (!theirs.includes(key)) drop(place, key)
}
