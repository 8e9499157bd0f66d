// What an action asks for besides an opinion: the form items of its fields, by kind and action; most are lists of fields,
// see `asked.ts`. The platform checks every field again and names the wrong ones.

import type { ComponentType } from 'react'
import { useSpeech } from '../../i18n'
import type { Action, Answer } from '../../parts/action_bar'
import { lazily } from '../../parts/lazily'
import { Coming } from '../../parts/coming'
import { Sign } from '../agreement/sign'
import { GradeFields } from '../risk_event/grade_fields'
import { PromptFields } from '../exit/prompt_fields'
import { ReportFields } from '../security_report/report_fields'
import { ReplyFields } from '../ticket/reply_fields'
import { RemarkFields, ReviewFields } from '../security_report/review_fields'
import { Allocation, allocationOf, ConsultationReply, Decision, RecordingsSeen, RegionOpinion, seenOf, Waiver } from '../application/action_forms'
import { remarksOf, SendBack } from '../application/send_back'
import { Certify, certificateOf } from '../exit/certify'
import { nextActions } from './answers'
import { silenceOf } from './naming'
import { askedBy } from './asked'
import { AskedFields } from './asked_fields'
import { Foreseen } from './foreseen'
import { prepared } from './prepared'
import { useSelf } from './self'
import type { Matter } from './wire'

interface ActionForm {
  /** The form items. */
  Fields?: ComponentType<{ matter: Matter }>
  /** Makes what the platform takes of what was filled in. */
  prepare?: (values: Answer) => Answer
  /** A page of its own instead of a dialog. */
  page?: (matter: Matter) => string
  /** How wide its dialog is, in pixels. */
  width?: number
  /** It is done on the page of this other action, if that can be done too. */
  isPartOf?: string
}

// Items that pull in much are fetched when their dialog is opened.
const Amend = lazily(async () => (await import('../template/take')).AmendFields, <Coming />)
const AcceptPaper = lazily(async () => (await import('../agreement/file_paper')).AcceptPaper, <Coming />)
const FilePaper = lazily(async () => (await import('../agreement/file_paper')).FilePaper, <Coming />)

/** Actions that need more than words, by `kind.action`. */
const FORMS: Record<string, ActionForm> = {
  'application.save': { page: ({ matter_id }) => `/applications/${matter_id}`, isPartOf: 'file' },
  'application.file': { page: ({ matter_id }) => `/applications/${matter_id}` },
  'application.save_formal': { page: ({ matter_id }) => `/applications/${matter_id}/formal`, isPartOf: 'file_formal' },
  'application.file_formal': { page: ({ matter_id }) => `/applications/${matter_id}/formal` },
  'application.waive': { Fields: Waiver },
  'application.approve': { Fields: RegionOpinion },
  'application.refuse': { Fields: RegionOpinion },
  'application.return': { Fields: SendBack, prepare: remarksOf, width: 720 },
  'application.reply': { Fields: ConsultationReply },
  'application.decide': { Fields: Decision },
  'application.allocate': { Fields: Allocation, prepare: allocationOf, width: 640 },
  'application.confirm_recordings': { Fields: RecordingsSeen, prepare: seenOf, width: 960 },
  'agreement.amend': { Fields: Amend, width: 720 },
  'agreement.sign': { Fields: Sign, width: 720 },
  'agreement.file_paper': { Fields: FilePaper, width: 640 },
  'agreement.accept_paper': { Fields: AcceptPaper, width: 640 },
  'signing_key.file': { Fields: Sign, width: 720 },
  'key_change.file': { Fields: Sign, width: 720 },
  'exit.prompt': { Fields: PromptFields, width: 640 },
  'exit.certify': { Fields: Certify, prepare: certificateOf, width: 720 },
  'risk_event.propose': { Fields: GradeFields, width: 640 },
  'ticket.answer': { Fields: ReplyFields, width: 640 },
  'security_report.submit': { Fields: ReportFields, width: 800 },
  'security_report.accept': { Fields: ReviewFields, width: 720 },
  'security_report.return': { Fields: RemarkFields, width: 720 },
  'security_report.fail': { Fields: RemarkFields, width: 720 },
}

/** Words that end something or take a right away. */
const DANGEROUS = /^fail$|reject|refuse|withdraw|terminate|suspend|cancel|revoke|abandon|close/

export function useActions(matter: Matter): Action[] {
  const { t, name, language } = useSpeech()
  const next = nextActions(matter, useSelf())
  const isPart = ({ action }: Matter['actions'][number]) => {
    const whole = FORMS[`${matter.kind}.${action}`]?.isPartOf
    return matter.actions.some((other) => other.action === whole)
  }
  return matter.actions.filter((one) => !isPart(one)).map((one) => {
    const form = FORMS[`${matter.kind}.${one.action}`]
    const asked = askedBy(matter.kind, one.action, { body: bodyOf(matter) })
    const isUnknown = one.needs.includes('form') && !form && !asked
    const Fields = form?.Fields
    const silence = silenceOf(name, matter.kind, one.action)
    const said = silence && form?.Fields === undefined && <p className="quiet gap-below">{silence}</p>
    const asks = Fields ? <Fields matter={matter} /> : asked && <AskedFields kind={matter.kind} asked={asked} matter_id={matter.matter_id} />
    return {
      action: one.action,
      label: language === 'en' ? one.label_en : one.label_zh,
      clause: one.clause,
      needs: one.needs,
      isDangerous: DANGEROUS.test(one.action),
      isNext: next.includes(one.action),
      isDisabled: isUnknown,
      hint: isUnknown ? t('matter.unknown_form') : one.needs.includes('second_person') && matter.kind !== 'application' ? t('matter.second_person') : undefined,
      about: said ?? (matter.kind === 'risk_event' && !asks && <Foreseen matter={matter} action={one.action} />),
      fields: asks && (
        <>
          {asks}
          {matter.kind === 'risk_event' && <Foreseen matter={matter} action={one.action} />}
        </>
      ),
      to: form?.page?.(matter),
      width: form?.width,
    }
  })
}

const bodyOf = ({ body }: Matter) => (body ?? {}) as Record<string, unknown>

/** What the platform takes of what was filled in for an action. */
export function inputOf(matter: Matter, action: string, answer: Answer): Answer {
  const told = FORMS[`${matter.kind}.${action}`]?.prepare?.(answer) ?? answer
  return askedBy(matter.kind, action, { body: bodyOf(matter) }) ? prepared(told) : told
}
