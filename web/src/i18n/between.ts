import type { Language } from '../app/preferences'

/** What stands between the members of a list, as each language writes it. */
export const between = (language: Language): string => (language === 'en' ? ', ' : '、')
