// What a verdict about records is good for.

import type { Schemas } from '../../api/client'

/** Of exactly these rows, as they are shown: a verdict about others, or about another content of these, is none. */
export const verdictKey = (shown: Schemas['TrailEntry'][]): string => JSON.stringify(shown)
