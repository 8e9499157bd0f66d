import type { Action } from './action_bar'

/** The one that stands out: what is waited for, or the first where nothing says what that is. */
export function mainOf(actions: Action[]): Action | undefined {
  const known = actions.some((one) => one.isNext !== undefined)
  const main = known ? actions.find((one) => one.isNext) : actions[0]
  return main?.isDangerous ? undefined : main
}
