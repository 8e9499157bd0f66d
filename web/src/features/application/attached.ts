// Which personalised services are applied for with a form of their own, and what of the filled-in forms belongs to an
// application, as the rules say it (CH-F1.12).

import type { Schemas } from '../../api/client'

type Service = Schemas['ServiceView']

/** What an application asks for, as far as its forms of services go. */
export interface Asked {
  services?: string[]
  /** What the channel of a change has already. */
  had?: string[]
  /** Where a level-2 channel gets its services from. */
  source?: string
}

function asks({ services = [], had = [], source }: Asked): (code: string) => boolean {
  return (code) => source !== 'level_one' && services.includes(code) && !had.includes(code)
}

/**
 * The services that are asked for with a form, in the order of the catalogue: they have one, or one was given before it was
 * withdrawn, and may be given anew.
 */
export function withForm(asked: Asked, catalogue: Service[], given: Record<string, string | undefined> = {}): Service[] {
  const isAsked = asks(asked)
  return catalogue.filter((one) => (one.form || given[one.code]) && !one.standard && isAsked(one.code))
}

/** The filled-in forms by service, without those of services that are not asked for any more. */
export function brought(given: Record<string, string | undefined> | undefined, asked: Asked): Record<string, string> {
  const isAsked = asks(asked)
  const kept = Object.entries(given ?? {}).flatMap<[string, string]>(([code, file]) => (file && isAsked(code) ? [[code, file]] : []))
  return Object.fromEntries(kept)
}
