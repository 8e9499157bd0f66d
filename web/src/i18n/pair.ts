/** Chinese, then English. */
export type Words = Record<string, readonly [string, string]>
