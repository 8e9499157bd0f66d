// A change begins with what the channel was last let in with: the forms of then, the scope of now.

import type { Schemas } from '../../api/client'
import type { ApplicationBodyShape } from './application_body'
import type { Admitted } from './difference'

export type Channel = Schemas['ChannelView']
type Service = Schemas['ServiceView']
type Forms = NonNullable<ApplicationBodyShape['forms']>
/** Forms to begin with: what is known of them. */
export type Begun = Record<'one' | 'channel', Record<string, unknown>>

/** The services that a form names: of a general channel those beyond the standard, of a specialised one all but issuance. */
export function named(services: string[], breadth: string | undefined, catalogue: Service[]): string[] {
  return without(services, given(breadth, catalogue))
}

/** What a channel gets without naming it. */
function given(breadth: string | undefined, catalogue: Service[]): string[] {
  const isGeneral = breadth !== 'specialised'
  return catalogue.filter((one) => (isGeneral ? one.standard : one.family === 'issuance')).map((one) => one.code)
}

const without = (all: string[], others: string[]) => all.filter((one) => !others.includes(one))

/** The forms that a change begins with. */
export function begun(channel: Channel, forms: Forms | undefined, catalogue: Service[]): Begun {
  const line = forms?.channel ?? {}
  const breadth = line.breadth || (catalogue.some((one) => one.standard && !channel.services.includes(one.code)) ? 'specialised' : 'general')
  const regions = channel.regions.map((division) => line.regions?.find((area) => area.division === division) ?? { division })
  return {
    ...forms,
    one: { innovation: 'unsigned', owner_name: channel.owner.name, uscc: channel.owner.uscc, ...forms?.one },
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
    },
  }
}

/** What a draft asks for, as the rules will read it. */
export function askedFor(line: { breadth?: string; regions?: ({ division?: string } | undefined)[]; services?: string[] } | undefined, catalogue: Service[]): Admitted {
  const regions = (line?.regions ?? []).flatMap((area) => (area?.division ? [area.division] : []))
  return { regions, services: [...given(line?.breadth, catalogue), ...(line?.services ?? [])] }
}
