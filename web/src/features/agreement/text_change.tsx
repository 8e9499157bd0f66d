// What one text alters of another, line by line, beside the whole of it.

import { Button, Space } from 'antd'
import { type ReactNode, useState } from 'react'
import { useSpeech } from '../../i18n'
import { Panel } from '../../parts/page'
import { type Line, textDifference } from '../../parts/text_difference'

const SIGNS: Record<Line['sign'], { sign: string; tone?: string; as: 'ins' | 'del' | 'span' }> = {
  '+': { sign: '+', tone: 'tone-good', as: 'ins' },
  '-': { sign: '−', tone: 'tone-bad', as: 'del' },
  '=': { sign: ' ', as: 'span' },
}

interface Props {
  title: string
  before: string
  after: string
  /** What else can be done with it. */
  extra?: ReactNode
  children?: ReactNode
}

export function TextChange({ title, before, after, extra, children }: Props) {
  const { t } = useSpeech()
  const [isWhole, setWhole] = useState(false)
  const lines = textDifference(before, after).filter(({ sign }) => isWhole || sign !== '=')
  return (
    <Panel
      title={title}
      extra={
        <Space wrap>
          {extra}
          <Button size="small" aria-pressed={isWhole} onClick={() => setWhole(!isWhole)}>
            {t(isWhole ? 'agreement.only_changed' : 'agreement.whole')}
          </Button>
        </Space>
      }
    >
      <div className="document" tabIndex={0} role="region" aria-label={title}>
        {lines.length === 0 && <p className="quiet">{t('conflict.none')}</p>}
        {lines.map(({ sign, text }, place) => {
          const { sign: shown, tone, as: Shown } = SIGNS[sign]
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines are where they are
            <Shown key={place} className={`document-line ${tone ?? ''}`}>
              {shown} {text}
            </Shown>
          )
        })}
      </div>
      {children}
    </Panel>
  )
}
