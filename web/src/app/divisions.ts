// Names of administrative divisions, asked for once.

import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api, ask, type Schemas } from '../api/client'
import { useSpeech } from '../i18n'

export type Division = Schemas['DivisionView']

export const NATION = '000000'

export interface Divisions {
  all: Division[]
  provinces: Division[]
  /** The name with the province before it, such as 浙江省杭州市, also of one that is no more; the code itself while it is not known. */
  name: (code: string) => string
}

export function useDivisions(): Divisions {
  const { language, t } = useSpeech()
  const { data } = useQuery({
    queryKey: ['divisions'],
    queryFn: () => ask(api.GET('/api/v1/divisions')),
    staleTime: Infinity,
  })
  return useMemo(() => {
    const all = data?.data ?? []
    const byCode = new Map(all.map((division) => [division.code, division]))
    const own = (code: string) => {
      const found = byCode.get(code)
      if (found) return (language === 'en' && found.name_en) || found.name
      const former = data?.former.find((one) => one.code === code)
      return former && t('division.former', { name: former.name })
    }
    const name = (code: string) => {
      if (code === NATION) return t('division.nation')
      const province = own(`${code.slice(0, 2)}0000`)
      if (code.endsWith('0000')) return province ?? code
      const prefecture = own(`${code.slice(0, 4)}00`)
      const space = language === 'en' ? ' ' : ''
      const county = code.endsWith('00') ? '' : `${space}(${code})`
      return province && prefecture ? `${province}${space}${prefecture}${county}` : (province ?? code)
    }
    return { all, provinces: all.filter((division) => division.code.endsWith('0000')), name }
  }, [data, language, t])
}
