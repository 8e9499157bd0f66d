// What a file of organisations has.

import type { Shape } from '../../import/plan'

/** What the form asks of one. An organisation is known by its credit code, and without one by its name in its place. */
export const ORGS: Shape = {
  columns: [
    { field: 'name', title: 'org.name', hint: 'import.org.name_hint', isRequired: true },
    { field: 'kind', title: 'org.kind', hint: 'import.org.kind_hint', isRequired: true },
    { field: 'division', title: 'import.org.division', hint: 'import.org.division_hint', isRequired: true },
    { field: 'uscc', title: 'org.uscc', hint: 'import.org.uscc_hint' },
  ],
  keys: [['uscc'], ['name', 'division']],
  chunk: 200,
  most: 5000,
}
