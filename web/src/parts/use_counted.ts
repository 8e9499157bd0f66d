import { usePreferences } from '../app/preferences'
import { counted } from './count'

/** A number as this person wants numbers in pictures to be written. */
export function useCounted(): (value: number) => string {
  const { language, isShort } = usePreferences()
  return (value) => counted(value, language, isShort)
}
