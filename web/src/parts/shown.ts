// For how long something that is masked is shown in clear.

/** Seconds for which it is shown. */
export const SHOWN_SECONDS = 60

/** Seconds left of those, from the moment it was told. */
export const secondsLeft = (toldAt: number, now: number): number => Math.max(0, Math.ceil(SHOWN_SECONDS - (now - toldAt) / 1000))
