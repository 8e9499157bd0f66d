// A change begins with what the channel was last let in with: the forms of then, the scope of now.

import type { Schemas } from '../../api/client'
import { liesIn } from '../../app/regions'
import type { ApplicationBodyShape, Texts } from './application_body'
import type { Admitted } from './difference'

export type Channel = Schemas['ChannelView']
type Service = Schemas['ServiceView']
type Forms = NonNullable<ApplicationBodyShape['forms']>
type Told = Record<string, unknown>
/** Forms to begin with: what is known of them. */
export type Begun = Record<'one' | 'channel', Told> & { level_two?: Told }

/** The services that a form names: of a general channel those beyond the standard, of a specialised one all but issuance. */
export function named(services: string[], breadth: string | undefined, catalogue: Service[]): string[] {
  return without(services, given(breadth, catalogue))
}

/** What a channel gets without naming it. */
function given(breadth: string | undefined, catalogue: Service[]): string[] {
  const isGeneral = breadth !== 'specialised'
  return catalogue.filter((one) => (isGeneral ? one.standard : one.family === 'issuance')).map((one) => one.code)
}

export const without = (all: string[], others: string[]) => all.filter((one) => !others.includes(one))

/** The regions that none of the others covers. */
export const uncovered = (regions: string[], others: string[]) => regions.filter((one) => !others.some((other) => liesIn(one, other)))

/** The regions that a change leaves of what was admitted before and what was asked for, when `agreed` is left of that: as the
 * rules say it. Where nothing is agreed to, it is shown as it was asked for: the owner files it again. */
export function outcome(before: string[], asked: string[], agreed: string[]): string[] {
  const still = asked.filter((one) => before.some((other) => liesIn(one, other)))
  const within = before.filter((one) => asked.some((other) => liesIn(one, other)))
  const all = [...new Set([...(agreed.length > 0 ? agreed : asked), ...still, ...within])].sort()
  return all.filter((one) => !all.some((other) => other !== one && liesIn(one, other)))
}

/** Whom to ask about the channel: as the formal filing says, before it as 附表1 does (CH-16.1, CH-16.3). */
export function contactOf({ formal, forms }: ApplicationBodyShape): Texts | undefined {
  return formal?.contact?.name ? formal.contact : forms?.one?.contact
}

/** The forms that a change begins with; a contact that was told later than the forms stands in place of theirs. */
export function begun(channel: Channel, forms: Forms | undefined, catalogue: Service[], contact?: Texts): Begun {
  const line = forms?.channel ?? {}
  const breadth = line.breadth || (catalogue.some((one) => one.standard && !channel.services.includes(one.code)) ? 'specialised' : 'general')
  const regions = channel.regions.map((division) => line.regions?.find((area) => area.division === division) ?? { division })
  return {
    ...forms,
    one: { innovation: 'unsigned', owner_name: channel.owner.name, uscc: channel.owner.uscc, ...forms?.one, ...(contact && { contact }) },
    channel: {
      ...line,
      name: channel.name,
      form: channel.form,
      form_name: channel.form_name ?? '',
      access_mode: channel.access_mode,
      number: channel.number,
      breadth,
      regions,
      services: named(channel.services, breadth, catalogue),
      test_keys: [],
      // Files of the matter that they were filed with.
      service_forms: {},
    },
  }
}

/** What the owner is and how it stands to its level-1 channel: a change alters neither. */
const FIXED_ONE = ['unit', 'innovation', 'parent_name', 'parent_number']
const FIXED_CHANNEL = ['name', 'form', 'form_name', 'access_mode', 'number']

const only = (from: Told, fields: string[]) => Object.fromEntries(fields.flatMap((field) => (field in from ? [[field, from[field]]] : [])))

/** Whether it is known what the owner is: not of a channel of the sandbox's short way. */
export const isOwnerKnown = (begun: Begun) => Boolean(begun.one.unit)

/** A draft of a change, with what a change leaves as it is laid over it, as far as that is known. */
export function laidOver(kept: Partial<Begun>, begun: Begun): Begun {
  const relation = begun.level_two?.relation
  return {
    ...kept,
    one: { ...kept.one, ...(isOwnerKnown(begun) && only(begun.one, FIXED_ONE)) },
    channel: { ...kept.channel, ...only(begun.channel, FIXED_CHANNEL) },
    ...(Boolean(relation) && { level_two: { ...kept.level_two, relation } }),
  }
}

/** What a draft asks for, as the rules will read it. */
export function askedFor(line: { breadth?: string; regions?: ({ division?: string } | undefined)[]; services?: string[] } | undefined, catalogue: Service[]): Admitted {
  const regions = (line?.regions ?? []).flatMap((area) => (area?.division ? [area.division] : []))
  return { regions, services: [...given(line?.breadth, catalogue), ...(line?.services ?? [])] }
}
