// What is taken over of a report that is used again: everything but its file, which belongs to the matter that it was sent
// to.

/** What a laboratory holds, in the order of the form (CH-29). */
export const QUALIFICATIONS = ['cnas', 'cma', 'risk_assessment', 'cryptography'] as const

export interface Held {
  kind: string
  number: string
  valid_from: string
  valid_to: string
}

export interface Report {
  number: string
  lab: { name: string; qualifications: Held[] }
  specification: string
  specification_version: string
  tested_on: string
  scope: string
  is_reused: boolean
  outcome: string
  file: string
}

export interface Filed {
  report: Report
}

/** Whether a report in this state was accepted once. */
export const reusable = (state: string): boolean => state === 'accepted' || state === 'overdue' || state === 'retired'

/** As the form asks for it. */
export function laidOut({ file: _, lab, ...report }: Report): Omit<Report, 'file'> {
  const held = (kind: string) => lab.qualifications.find((one) => one.kind === kind)
  const qualifications = QUALIFICATIONS.map((kind) => held(kind) ?? { kind, number: '', valid_from: '', valid_to: '' })
  return { ...report, is_reused: true, lab: { name: lab.name, qualifications } }
}
