// Signing on paper, step by step: the document is printed, sealed, scanned and sent; the operator wants to see the paper.

import { useSpeech } from '../../i18n'
import { askedBy } from '../matter/asked'
import { AskedFields } from '../matter/asked_fields'
import type { Matter } from '../matter/wire'
import { AgreementPaper } from './agreement_paper'

export function FilePaper({ matter }: { matter: Matter }) {
  const { t } = useSpeech()
  return (
    <>
      <ol className="sign-steps">
        <li>
          <p>{t('agreement.paper_print')}</p>
          <AgreementPaper matter={matter} />
        </li>
        <li>
          <p>{t('agreement.paper_seal')}</p>
        </li>
        <li>
          <p>{t('agreement.paper_send')}</p>
        </li>
      </ol>
      <AskedFields kind={matter.kind} asked={askedBy(matter.kind, 'file_paper', { body: {} }) ?? []} matter_id={matter.matter_id} />
    </>
  )
}

/** What the operator compares before it accepts: what the paper has to say, word for word. */
export function AcceptPaper({ matter }: { matter: Matter }) {
  const { t } = useSpeech()
  const { papers = [] } = (matter.body ?? {}) as { papers?: { statement: string }[] }
  return (
    <>
      <p>{t('agreement.paper_compare')}</p>
      <blockquote className="written">{papers.at(-1)?.statement}</blockquote>
      <AskedFields kind={matter.kind} asked={askedBy(matter.kind, 'accept_paper', { body: {} }) ?? []} matter_id={matter.matter_id} />
    </>
  )
}
