type Values = Record<string, unknown>

/** Empty fields are left out, groups of nothing but empty fields too, and moments get the zone that they were meant in. */
export function prepared(values: Values): Values {
  const told = Object.entries(values).map(([key, value]) => [key, preparedOne(value)] as const)
  return Object.fromEntries(told.filter(([, value]) => value !== undefined))
}

function preparedOne(value: unknown): unknown {
  if (value === '' || value === null || value === undefined) return undefined
  if (typeof value === 'string') return /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(value) ? `${value}:00+08:00` : value
  if (Array.isArray(value)) return value.map(preparedOne)
  if (typeof value !== 'object') return value
  const group = prepared(value as Values)
  return Object.keys(group).length > 0 ? group : undefined
}
