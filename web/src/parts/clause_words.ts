// The words of clauses, in a chunk of their own: the two tables of the rules, read where they are and copied nowhere.

import clauses from '../../../crates/domain/src/clause/clauses.tsv?raw'
import readings from '../../../crates/domain/src/clause/readings.tsv?raw'
import { read, type Said, sayings } from './clauses'

const TABLE = read(clauses, readings)

/** What a clause, a reading, or an article with all its clauses says. */
export const said = (id: string): Said[] => sayings(TABLE, id)
