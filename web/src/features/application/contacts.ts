// Who was named below an opinion last.

export interface Contact {
  contact: string
  phone: string
}

interface Opinion extends Partial<Contact> {
  at?: string
  by?: { staff?: string | null; org?: string | null }
}

interface Rounds {
  [round: string]: { tasks?: { opinion?: Opinion | null }[] } | undefined
}

/** Of the opinions in these applications the newest of the account, or else the newest of its department. */
export function lastContact(bodies: unknown[], staff: string, org: string): Contact | null {
  const opinions = bodies.flatMap((body) =>
    ['test', 'consultation', 'first'].flatMap((round) => ((body ?? {}) as Rounds)[round]?.tasks ?? []),
  )
  const given = opinions.flatMap(({ opinion }) => (opinion?.contact && opinion.phone ? [opinion] : []))
  const newest = given.toSorted((one, other) => Date.parse(other.at ?? '') - Date.parse(one.at ?? ''))
  const found = newest.find(({ by }) => by?.staff === staff) ?? newest.find(({ by }) => by?.org === org)
  return found ? { contact: found.contact ?? '', phone: found.phone ?? '' } : null
}
