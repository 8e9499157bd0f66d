// How long something takes, and how often it is done.

/** Milliseconds of a period, in words: from fractions of a second to minutes. */
export function every(ms: number, language: string): string {
  const [many, zh, en] = ms < 60_000 ? [ms / 1000, '秒', 's'] : [ms / 60_000, '分钟', 'min']
  return language === 'en' ? `${many} ${en}` : `${many} ${zh}`
}

/** Microseconds that something took; below a millisecond that is what is said. */
export function lasted(us: number | null | undefined): string {
  if (us === null || us === undefined) return '—'
  if (us < 1000) return '< 1 ms'
  return us < 10_000_000 ? `${Math.round(us / 1000)} ms` : `${Math.round(us / 1_000_000)} s`
}
