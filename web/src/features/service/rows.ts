// What a file of openings has.

import type { Shape } from '../../import/plan'

/** What the form asks of one; all of it together is what is open. */
export const OPENINGS: Shape = {
  columns: [
    { field: 'service', title: 'import.opening.service', hint: 'import.opening.service_hint', isRequired: true },
    { field: 'caller', title: 'import.opening.caller', hint: 'import.opening.caller_hint', isRequired: true },
    { field: 'division', title: 'import.opening.division', hint: 'import.terminal.division_hint', isRequired: true },
  ],
  keys: [['service', 'caller', 'division']],
  chunk: 200,
  most: 5000,
}
