type Values = Record<string, unknown>

/** Empty fields are left out, and moments get the zone that they were meant in. */
export function prepared(values: Values): Values {
  const told = Object.entries(values).filter(([, value]) => value !== undefined && value !== '' && value !== null)
  const isMoment = (value: unknown): value is string => typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(value)
  return Object.fromEntries(told.map(([key, value]) => [key, isMoment(value) ? `${value}:00+08:00` : value]))
}
