// What was signed on paper: the files of each scan by their digests, and what the operator found when it saw the paper.

import { Tag } from 'antd'
import { useSpeech } from '../../i18n'
import { Clause } from '../../parts/clause'
import { momentText } from '../../parts/moment'
import { type Fact, Facts, Panel } from '../../parts/page'

export interface OnPaper {
  statement: string
  scans: { file: string; sm3: string }[]
  filed: { words: string; at: string }
  decided: { verdict: 'accepted' | 'returned' | 'overtaken'; seen_on: string | null; words: string | null; at: string } | null
}

const TONES = { accepted: 'good', returned: 'warn', overtaken: 'calm', waiting: 'note' } as const

export function Papers({ papers }: { papers: OnPaper[] }) {
  const { t } = useSpeech()
  return (
    <Panel title={t('agreement.papers')} extra={<Clause ids="CH-9.3e" />}>
      <p className="quiet gap-below">{t('agreement.papers_lead')}</p>
      {papers.toReversed().map((paper) => (
        <One key={paper.filed.at} paper={paper} />
      ))}
    </Panel>
  )
}

function One({ paper: { scans, filed, decided } }: { paper: OnPaper }) {
  const { t } = useSpeech()
  const verdict = decided?.verdict ?? 'waiting'
  const facts: (Fact | false | undefined)[] = [
    { label: t('agreement.paper_filed'), value: momentText(filed.at) },
    { label: t('agreement.paper_why'), value: filed.words },
    decided !== null && decided.seen_on !== null && { label: t('agreement.paper_seen'), value: decided.seen_on },
    decided !== null && { label: t('agreement.paper_decided'), value: momentText(decided.at) },
    decided !== null && decided.words !== null && { label: t('agreement.paper_words'), value: decided.words, isWide: true },
  ]
  return (
    <div className="group">
      <p className="gap-below">
        <Tag className={`tone-${TONES[verdict]}`} variant="filled">
          {t(`agreement.paper_${verdict}`)}
        </Tag>
      </p>
      <Facts facts={facts.filter((fact) => Boolean(fact)) as Fact[]} />
      {scans.map(({ file, sm3 }) => (
        <p key={file} className="quiet">
          {t('agreement.paper_sm3')} <code className="digest">{sm3}</code>
        </p>
      ))}
    </div>
  )
}
