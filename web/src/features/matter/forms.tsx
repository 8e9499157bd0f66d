// What an action asks for besides an opinion: the form items of its fields, by kind and action. The platform checks
// every field again and names the wrong ones.

import type { ReactNode } from 'react'
import { useSpeech } from '../../i18n'
import type { Action } from '../../parts/action_bar'
import type { Matter } from './wire'

/** Form items of actions that need more than words, by `kind.action`. */
const FORMS: Record<string, () => ReactNode> = {}

/** Words that end something or take a right away. */
const DANGEROUS = /reject|refuse|withdraw|terminate|suspend|cancel|revoke|abandon|close/

export function useActions(matter: Matter): Action[] {
  const { t, language } = useSpeech()
  return matter.actions.map((one) => {
    const Form = FORMS[`${matter.kind}.${one.action}`]
    const isUnknown = one.needs.includes('form') && !Form
    return {
      action: one.action,
      label: language === 'en' ? one.label_en : one.label_zh,
      clause: one.clause,
      needs: one.needs,
      isDangerous: DANGEROUS.test(one.action),
      isDisabled: isUnknown,
      hint: isUnknown ? t('matter.unknown_form') : one.needs.includes('second_person') ? t('matter.second_person') : undefined,
      fields: Form && <Form />,
    }
  })
}
