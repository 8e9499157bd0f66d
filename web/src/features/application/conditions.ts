// What the conditions of access come to while a form is being filled in (CH-3, CH-7, CH-8.3). The platform decides when the
// form is filed; here whoever fills it in sees early what will be asked.

export type Unit = 'hrss' | 'government' | 'bank' | 'hospital' | 'pharmacy' | 'company'
export type Class = 'hrss' | 'government' | 'national_signed' | 'bank' | 'medical' | 'social'

/** The class by owner: the first of the six that holds, in the order of the article. */
export function classOf(unit: string | undefined, innovation: string | undefined): Class | null {
  if (unit === 'hrss' || unit === 'government') return unit
  if (!unit || !innovation) return null
  if (innovation === 'signed') return 'national_signed'
  if (unit === 'bank') return 'bank'
  return unit === 'hospital' || unit === 'pharmacy' ? 'medical' : 'social'
}

/** Departments need no agreement (CH-9.3e). */
export function needsAgreement(found: Class): boolean {
  return found !== 'hrss' && found !== 'government'
}

/** How a channel of this form may be accessed: the SDK is for apps. */
export function modesOf(form: string | undefined): ('sdk' | 'h5')[] {
  return form === 'app' ? ['sdk', 'h5'] : ['h5']
}

/** Whether so many years have passed since a day: the same day of the year counts, the 29th of February as the 28th. */
export function isFull(since: string, years: number, today: string): boolean {
  const [year = 0, month = 1, day = 1] = since.split('-').map(Number)
  const last = new Date(Date.UTC(year + years, month, 0)).getUTCDate()
  const reached = `${year + years}-${String(month).padStart(2, '0')}-${String(Math.min(day, last)).padStart(2, '0')}`
  return reached <= today
}

/** `null` while it cannot be told yet. */
export type Verdict = boolean | null

export interface Condition {
  key: 'owner' | 'running' | 'users' | 'company_age' | 'commitment' | 'mode' | 'nationwide'
  clause: string
  verdict: Verdict
}

interface Area {
  division?: string
  running_since?: string
  users?: string
}

/** What a form says that conditions look at; anything may be missing. */
export interface Draft {
  one?: { unit?: string; innovation?: string; uscc?: string; owner_name?: string; filled_on?: string }
  channel?: { form?: string; access_mode?: string; regions?: (Area | undefined)[]; users?: string; nationwide?: string }
  two?: {
    registered_on?: string
    committed_issuance?: string
    committed_usage?: string
    committed_monthly_active?: string
  }
}

/** The numbers of the rules, as the platform has them in force. */
export interface Limits {
  runningYears: number
  socialUsers: number
  companyYears: number
}

const number = (text: string | undefined): number | null => (text && /^\d{1,12}$/.test(text) ? Number(text) : null)

/** The conditions that apply to this draft, each with what can be said about it now. */
export function conditions(draft: Draft, limits: Limits, today: string): Condition[] {
  const { one, channel, two } = draft
  const found = classOf(one?.unit, one?.innovation)
  const areas = (channel?.regions ?? []).filter((area): area is Area => Boolean(area))
  const mode = channel?.access_mode
  const told: Condition[] = [
    { key: 'owner', clause: 'CH-3', verdict: found ? true : null },
    { key: 'mode', clause: 'CH-8.3', verdict: channel?.form && mode ? modesOf(channel.form).includes(mode as 'h5') : null },
    { key: 'running', clause: 'CH-7.3', verdict: running(areas, limits.runningYears, today) },
  ]
  if (areas.some((area) => area.division === '000000')) {
    told.push({ key: 'nationwide', clause: 'CH-8.1c', verdict: channel?.nationwide ? true : null })
  }
  if (found !== 'social') return told
  const users = number(channel?.users)
  const yearly = (number(two?.committed_issuance) ?? 0) > 0 || (number(two?.committed_usage) ?? 0) > 0
  const monthly = (number(two?.committed_monthly_active) ?? 0) > 0
  return [
    ...told,
    { key: 'users', clause: 'CH-7.4', verdict: users === null ? null : users >= limits.socialUsers },
    {
      key: 'company_age',
      clause: 'CH-F2.3',
      verdict: two?.registered_on ? isFull(two.registered_on, limits.companyYears, today) : null,
    },
    { key: 'commitment', clause: 'CH-F2.10', verdict: yearly && monthly ? true : null },
  ]
}

function running(areas: Area[], years: number, today: string): Verdict {
  const told = areas.filter((area) => area.running_since)
  if (told.some((area) => !isFull(area.running_since ?? '', years, today))) return false
  return areas.length > 0 && told.length === areas.length ? true : null
}
