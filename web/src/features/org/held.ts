import type { Schemas } from '../../api/client'

/** The operations that a role holds; all of them when none is chosen. */
export function held(operations: Schemas['OperationView'][], role: string): Schemas['OperationView'][] {
  return role === '' ? operations : operations.filter((one) => one.roles.includes(role))
}
