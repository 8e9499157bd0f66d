// What a change adds to what a channel is admitted for, and what it takes away (CH-15.1).

import { Tag } from 'antd'
import { useDivisions } from '../../app/divisions'
import { useSpeech } from '../../i18n'
import { Facts } from '../../parts/page'
import { useServices } from '../service/services'
import { uncovered, without } from './change'

export interface Admitted {
  regions: string[]
  services: string[]
}

export function Difference({ before, after }: { before: Admitted; after: Admitted }) {
  const { t, language } = useSpeech()
  const divisions = useDivisions()
  const catalogue = useServices().data?.data ?? []
  const service = (code: string) => {
    const found = catalogue.find((one) => one.code === code)
    return (language === 'en' ? found?.name_en : found?.name) ?? code
  }
  const lines = [
    { label: t('channel.regions'), say: divisions.name, from: before.regions, to: after.regions, beside: uncovered },
    { label: t('channel.services'), say: service, from: before.services, to: after.services, beside: without },
  ].flatMap(({ label, say, from, to, beside }) => [
    { label: `${label} · ${t('change.added')}`, sign: '+', tone: 'tone-good', texts: beside(to, from).map(say) },
    { label: `${label} · ${t('change.dropped')}`, sign: '−', tone: 'tone-bad', texts: beside(from, to).map(say) },
  ])
  const facts = lines.filter(({ texts }) => texts.length > 0)
  if (facts.length === 0) return <p className="quiet">{t('change.none')}</p>
  return (
    <Facts
      facts={facts.map(({ label, sign, tone, texts }) => ({
        label,
        isWide: true,
        value: (
          <span className="chips">
            {texts.map((text) => (
              <Tag key={text} className={tone} variant="filled">
                {sign} {text}
              </Tag>
            ))}
          </span>
        ),
      }))}
    />
  )
}
