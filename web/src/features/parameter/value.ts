// The value of a parameter with what it counts.

import type { Schemas } from '../../api/client'
import { useSpeech } from '../../i18n'

type Measured = Pick<Schemas['ParameterView'], 'unit'>

/** A value with its unit, such as 3 个月 or 3%. */
export function useValue(): (parameter: Measured, value: number) => string {
  const { t, name } = useSpeech()
  return ({ unit }, value) => {
    if (unit === 'basis_points') return `${value / 100}%`
    if (unit === 'fen') return t('parameter.yuan', { n: (value / 100).toFixed(2) })
    return `${value.toLocaleString('en-US')} ${name('unit', unit)}`.trim()
  }
}

/** How many of what is kept make one of what people say: shares are kept in basis points and money in fen. */
export function scaleOf({ unit }: Measured): number {
  return unit === 'basis_points' || unit === 'fen' ? 100 : 1
}

/** What a plain number of it counts, in brackets behind the name of a field; nothing for a mere number. */
export function useUnit({ unit }: Measured): string {
  const { name } = useSpeech()
  const word = unit === 'basis_points' ? '%' : unit === 'fen' ? name('unit', 'yuan') : name('unit', unit)
  return word ? `（${word}）` : ''
}
