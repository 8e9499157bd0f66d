// Which division holds which, by their codes alone.

/** Whether a region lies in another: a district in its prefecture, a prefecture in its province, each of them in the nation. */
export const liesIn = (region: string, other: string) => region.startsWith(other.replace(/(?:00){1,3}$/, ''))
