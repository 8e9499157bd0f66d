// In whose place requests are made: the delegation that is named with each of them, kept in memory only, so that a page that
// is loaded again acts for itself.

let named = ''

export const capacity = {
  read: (): string => named,
  keep: (delegation_id: string | null): void => {
    named = delegation_id ?? ''
  },
}
