// Turning the pages of the wall.

/** The page so many pages on; after the last comes the first. */
export const step = (at: number, by: number, count: number): number => (at + by + count) % count
