// Where in a recording each of its six steps is seen (CH-F3.5): on the page minutes and seconds by system and step, for
// the platform a list of seconds.

export const STEPS = ['enter', 'issue', 'change_password', 'reset_password', 'unbind', 'exit'] as const
export const SYSTEMS = ['ios', 'android'] as const

export interface Mark {
  system: string
  step: string
  at_seconds: number
}

export type Marks = Record<string, Record<string, string | undefined> | undefined>

/** `1:05` */
export function clockText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
}

/** The seconds of `1:05` or `65`; nothing for what is neither. */
export function secondsOf(text: string | undefined): number | null {
  const [, minutes = '0', seconds = ''] = /^(?:(\d{1,3})[:：])?(\d{1,4})$/.exec(text?.trim() ?? '') ?? []
  if (seconds === '' || (minutes !== '0' && Number(seconds) > 59)) return null
  return Number(minutes) * 60 + Number(seconds)
}

export function marksOf(marks: Mark[]): Marks {
  const told: Marks = {}
  for (const { system, step, at_seconds } of marks) told[system] = { ...told[system], [step]: clockText(at_seconds) }
  return told
}

/** The marks that say something. */
export function toldOf(marks: Marks): Mark[] {
  return SYSTEMS.flatMap((system) =>
    STEPS.flatMap((step) => {
      const at_seconds = secondsOf(marks[system]?.[step])
      return at_seconds === null ? [] : [{ system, step, at_seconds }]
    }),
  )
}
