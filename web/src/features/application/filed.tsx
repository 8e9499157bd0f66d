// What the platform decided when an application was filed: the class with its reasons (CH-3), what the ministry waived, what a
// social channel has promised (CH-F2.10).

import { useSpeech } from '../../i18n'
import { Clause } from '../../parts/clause'
import { type Fact, Facts, Panel } from '../../parts/page'

export interface Commitment {
  issuance?: number | null
  usage?: number | null
  monthly_active: number
  quarterly?: number[]
}

interface Ground {
  class: string
  clause: string
  holds: boolean
  zh: string
  en: string
}

export interface Filed {
  on: string
  class: string
  grounds: Ground[]
  commitment?: Commitment | null
}

export interface Waiver {
  condition: string
  words: string
}

interface Props {
  filed: Filed
  waived: Waiver[]
  isPlatformLevel: boolean
}

const whole = (count: number) => count.toLocaleString('en-US')

export function FiledPanel({ filed, waived, isPlatformLevel }: Props) {
  const { t, name, language } = useSpeech()
  const { commitment } = filed
  const facts: (Fact | null)[] = [
    { label: t('channel.class'), value: name('class', filed.class) },
    { label: t('application.filed_on'), value: filed.on },
    isPlatformLevel ? { label: t('application.level'), value: t('application.platform_level') } : null,
    typeof commitment?.issuance === 'number' ? { label: name('application', 'two.committed_issuance'), value: whole(commitment.issuance) } : null,
    typeof commitment?.usage === 'number' ? { label: name('application', 'two.committed_usage'), value: whole(commitment.usage) } : null,
    commitment ? { label: name('application', 'two.committed_monthly_active'), value: whole(commitment.monthly_active) } : null,
    commitment?.quarterly ? { label: t('application.quarterly'), value: commitment.quarterly.map(whole).join(' · ') } : null,
  ]
  return (
    <Panel title={t('application.filed')} extra={<Clause ids="CH-3.0" />}>
      <Facts facts={facts} />
      <h3 className="gap-above">{t('application.grounds')}</h3>
      <ol>
        {filed.grounds.map((ground) => (
          <li key={ground.clause} className={ground.holds ? undefined : 'quiet'}>
            {name('class', ground.class)} · {language === 'en' ? ground.en : ground.zh} <Clause ids={ground.clause} />
          </li>
        ))}
      </ol>
      {waived.length > 0 && (
        <>
          <h3 className="gap-above">
            {t('application.waivers')} <Clause ids="CH-7.5" />
          </h3>
          <ul>
            {waived.map((one) => (
              <li key={one.condition}>
                <strong>{name('waivable', one.condition)}</strong> <span className="written">{one.words}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </Panel>
  )
}

