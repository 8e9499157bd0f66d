// What a company is by the register of companies, asked of the platform.

import { useQuery } from '@tanstack/react-query'
import { api, ask, type Schemas } from '../../api/client'

export type Company = Schemas['CompanyView']

export const COMPANY_KEY = ['company']

/** What the own organisation stated. */
export function useCompany(isAsked = true) {
  return useQuery({ queryKey: COMPANY_KEY, queryFn: () => ask(api.GET('/api/v1/company')), enabled: isAsked })
}

/** What the organisation that applies stated. */
export function useCompanyOf(matter_id: string) {
  return useQuery({
    queryKey: ['matter', matter_id, 'company'],
    queryFn: () => ask(api.GET('/api/v1/matters/{matter_id}/company', { params: { path: { matter_id } } })),
  })
}
