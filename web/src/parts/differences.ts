// Where two things of the same shape differ, leaf by leaf. What says nothing is the same however it says it.

export interface Difference {
  at: (string | number)[]
  from: unknown
  to: unknown
}

type Group = Record<string, unknown>

const isGroup = (value: unknown): value is Group => typeof value === 'object' && value !== null && !Array.isArray(value)
const isRows = (value: unknown): value is Group[] => Array.isArray(value) && value.length > 0 && value.every(isGroup)

function isBlank(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true
  if (Array.isArray(value)) return value.every(isBlank)
  return isGroup(value) && Object.values(value).every(isBlank)
}

/** Each leaf that differs, in the order of the fields. */
export function differences(from: unknown, to: unknown, at: Difference['at'] = []): Difference[] {
  if (isBlank(from) && isBlank(to)) return []
  if (isRows(from) || isRows(to)) {
    const [before, after] = [from, to].map((one) => (Array.isArray(one) ? one : [])) as [unknown[], unknown[]]
    return Array.from({ length: Math.max(before.length, after.length) }, (_, row) => row).flatMap((row) => differences(before[row], after[row], [...at, row]))
  }
  if (isGroup(from) || isGroup(to)) {
    const [before, after] = [from, to].map((one) => (isGroup(one) ? one : {})) as [Group, Group]
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((field) => differences(before[field], after[field], [...at, field]))
  }
  return JSON.stringify(from) === JSON.stringify(to) ? [] : [{ at, from, to }]
}
