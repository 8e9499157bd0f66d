// What an agreement says: its text to be read, what an announced change alters and what earlier ones did, what its term
// comes to, and the evidence of what was signed; beside it what every kind says in its own way.

import { DownloadOutlined } from '@ant-design/icons'
import { Button, Tag } from 'antd'
import { useSpeech } from '../../i18n'
import { useAttempt } from '../../parts/attempt'
import { Clause } from '../../parts/clause'
import { download } from '../../parts/export_button'
import { Facts, Panel } from '../../parts/page'
import { Failure } from '../../parts/states'
import { Body } from '../matter/body'
import { labelOf } from '../matter/naming'
import { Refer } from '../matter/refer'
import { toneOf } from '../matter/tone'
import { askMatter, type Matter } from '../matter/wire'
import { FromTemplate } from '../template/from_template'
import { AgreementPaper } from './agreement_paper'
import { type OnPaper, Papers } from './papers'
import { TextChange } from './text_change'

const KIND = 'agreement'

interface Text {
  version: string
  text: string
  sm3: string
  /** From which version of which template it was filled. */
  template?: { template_id: string; number: number }
}

interface Shape {
  text?: Text
  /** The texts before it, latest last. */
  earlier?: Text[]
  amendment?: { text: Text; effective_on: string } | null
  signatures?: unknown[]
  papers?: OnPaper[]
}

export function AgreementBody({ matter }: { matter: Matter }) {
  const { text, earlier = [], amendment, papers = [], ...rest } = (matter.body ?? {}) as Shape
  const { text: changed, ...announced } = amendment ?? {}
  const body = { ...rest, ...(amendment && { amendment: announced }) }
  return (
    <>
      {matter.renewal && <Renewal matter={matter} renewal={matter.renewal} />}
      {text && <Words text={text} />}
      {text && changed && <Changed matter={matter} before={text} after={changed} printed={changed} />}
      {text && changes([...earlier, text]).map(([before, after], place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a text may come back
        <Changed key={place} matter={matter} before={before} after={after} printed={before} />
      ))}
      {papers.length > 0 && <Papers papers={papers} />}
      {((rest.signatures?.length ?? 0) > 0 || papers.some(({ decided }) => decided?.verdict === 'accepted')) && (
        <Evidence matter={matter} isSigned={(rest.signatures?.length ?? 0) > 0} isOnPaper={papers.some(({ decided }) => decided?.verdict === 'accepted')} />
      )}
      <Body matter={{ ...matter, body }} />
    </>
  )
}

/** Each text beside the one before it, the latest first. */
export function changes<One>(texts: One[]): [One, One][] {
  return texts.slice(1).map((after, place): [One, One] => [texts[place] as One, after]).reverse()
}

function Words({ text }: { text: Text }) {
  const { t, name } = useSpeech()
  return (
    <Panel title={t('agreement.text')} extra={<span className="quiet">{text.version}</span>}>
      <div className="document written" tabIndex={0} role="region" aria-label={t('agreement.text')}>
        {text.text}
      </div>
      <p className="quiet gap-above">
        {labelOf(name, KIND, 'sm3')} <code className="digest">{text.sm3}</code>
      </p>
      {text.template && (
        <p className="quiet">
          {labelOf(name, KIND, 'template')} <FromTemplate origin={text.template} />
        </p>
      )}
    </Panel>
  )
}

/** What an announced change alters, line by line, beside its whole text; the one of the two that is not the text of today can be printed here. */
function Changed({ matter, before, after, printed }: { matter: Matter; before: Text; after: Text; printed: Text }) {
  const { t, name } = useSpeech()
  return (
    <TextChange
      title={t('agreement.difference', { from: before.version, to: after.version })}
      before={before.text}
      after={after.text}
      extra={<AgreementPaper matter={matter} text={printed} isSmall />}
    >
      <p className="quiet gap-above">
        {labelOf(name, KIND, 'sm3')} <code className="digest">{after.sm3}</code>
      </p>
    </TextChange>
  )
}

/** What the end of the term comes to, as the rule says that will be asked at it (CH-24). */
function Renewal({ matter, renewal: { becomes, hindrances } }: { matter: Matter; renewal: NonNullable<Matter['renewal']> }) {
  const { t, name } = useSpeech()
  const state = becomes === matter.state ? t('agreement.extends') : name(`state.${KIND}`, becomes)
  const tone = becomes === matter.state ? 'good' : toneOf({ ...matter, state: becomes, is_ended: becomes === 'lapsed' })
  return (
    <Panel title={t('agreement.renewal')} extra={<Tag className={`tone-${tone}`} variant="filled">{state}</Tag>}>
      <p className="quiet gap-below">{t('agreement.renewal_lead')}</p>
      {hindrances.length === 0 && <p>{t('agreement.no_hindrance')}</p>}
      <ul className="reports">
        {hindrances.map(({ ground, clause, matter_id, party, observed_until }) => (
          <li key={`${ground} ${matter_id} ${party}`}>
            <strong>{name('hindrance', ground)}</strong>
            {party && <span>{name('party', party)}</span>}
            {matter_id && <Refer id={matter_id} matter_id={matter.matter_id} />}
            {observed_until && <span className="quiet">{t('agreement.observed_until', { day: observed_until })}</span>}
            <Clause ids={clause} />
          </li>
        ))}
      </ul>
    </Panel>
  )
}

/** The file that proves what was signed, and how it is checked without the platform (CH-25.2). */
function Evidence({ matter, isSigned, isOnPaper }: { matter: Matter; isSigned: boolean; isOnPaper: boolean }) {
  const { t } = useSpeech()
  const { attempt, isBusy, error } = useAttempt()
  const file = `${matter.matter_id}.json`
  const save = () =>
    attempt(async () => {
      const whole = await askMatter(matter.matter_id)
      download(new Blob([JSON.stringify(whole, null, 2)], { type: 'application/json' }), file)
    })
  return (
    <Panel title={t('agreement.evidence')} extra={<Clause ids={isSigned ? 'CH-25.2' : 'CH-9.3e'} />}>
      {error !== null && <Failure error={error} />}
      <ol className="sign-steps">
        <li>
          <p>{t('agreement.evidence_save')}</p>
          <Button icon={<DownloadOutlined aria-hidden />} loading={isBusy} onClick={() => void save()}>
            {t('agreement.evidence_download')}
          </Button>
        </li>
        <li>
          <p>{t('agreement.evidence_check')}</p>
          <code className="secret">{`ykt matter verify ${file}${isOnPaper ? ` --scan ${t('agreement.scan_file')}` : ''}${isSigned ? ` --fingerprint ${t('agreement.fingerprint')}` : ''}`}</code>
        </li>
      </ol>
      <Facts
        facts={[
          isSigned && { label: t('agreement.evidence_proves'), isWide: true, value: t('agreement.evidence_proven') },
          isOnPaper && { label: t('agreement.papers'), isWide: true, value: t('agreement.evidence_paper') },
        ]}
      />
    </Panel>
  )
}
