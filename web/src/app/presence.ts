// Whether somebody is there: how long ago something was last done in any window of this browser.

const KEPT = 'ykt.active'
/** So long before the end it is asked whether anybody is there. */
export const WARNING_SECONDS = 120
/** Something done is noted this often at most. */
const NOTED_MS = 5_000

let noted = 0

/** Notes that somebody is there; an answer to the question is noted whenever it comes. */
export function noteActive(now = Date.now(), every = NOTED_MS): void {
  if (now - noted < every) return
  noted = now
  localStorage.setItem(KEPT, String(now))
}

/** When something was last done, in this window or another. */
export function lastActive(): number {
  return Number(localStorage.getItem(KEPT) ?? 0)
}

/** Seconds until nobody is taken to be there; whoever has not been noted yet has just come. */
export function secondsLeft(lastAt: number, now: number, idleSeconds: number): number {
  return lastAt === 0 ? idleSeconds : Math.ceil(idleSeconds - (now - lastAt) / 1000)
}
