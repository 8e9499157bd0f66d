// What a company is, as facts.

import { useToday } from '../../app/today'
import { useSpeech } from '../../i18n'
import type { Fact } from '../../parts/page'
import type { Company } from './company'

type Known = Partial<Pick<Company, 'legal_representative' | 'registered_on' | 'full_years' | 'old_enough_on'>>

/** What is known, as facts; the age in whole years is the platform's. */
export function useCompanyFacts(): (company: Known) => (Fact | false)[] {
  const { t } = useSpeech()
  const today = useToday()
  return ({ legal_representative, registered_on, full_years, old_enough_on }) => [
    { label: t('company.legal_representative'), value: legal_representative ?? t('company.unstated') },
    {
      label: t('company.registered_on'),
      value: registered_on ? (
        <>
          <span className="nowrap">{registered_on}</span>{' '}
          <span className={full_years && full_years > 0 ? 'quiet' : 'tone-warn'}>{t('company.full_years', { n: full_years ?? 0 })}</span>
        </>
      ) : (
        t('company.unstated')
      ),
    },
    Boolean(old_enough_on && old_enough_on > today) && {
      label: t('company.old_enough'),
      value: t('company.from', { day: old_enough_on ?? '' }),
    },
  ]
}
