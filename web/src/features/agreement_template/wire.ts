// Templates of agreements, as the platform tells them.

import { useQuery } from '@tanstack/react-query'
import { api, ask, type Schemas } from '../../api/client'
import { useAll } from '../../parts/choose'
import type { Tone } from '../../parts/status_tag'

export type Template = Schemas['AgreementTemplateView']
export type Version = Schemas['AgreementTemplateVersionView']
/** From which version of which template a text is filled. */
export interface Origin {
  template_id: string
  number: number
}

export const TONES: Record<string, Tone> = { draft: 'warn', in_force: 'good', superseded: 'calm', dropped: 'calm' }

/** What the platform fills. */
export const PLACEHOLDERS = ['渠道名称', '渠道编号', '单位名称', '统一社会信用代码', '服务地区', '运营机构', '生效日期', '终止日期', '协议版本'] as const

export const inForce = (template: Template) => template.versions.find(({ state }) => state === 'in_force')
export const draftOf = (template: Template) => template.versions.find(({ state }) => state === 'draft')

export function useTemplates(): Template[] {
  return useAll('agreement_template', 'agreement_template.read', (cursor) =>
    ask(api.GET('/api/v1/agreement-templates', { params: { query: { limit: 200, cursor } } })),
  )
}

export const askTemplate = (template_id: string) =>
  ask(api.GET('/api/v1/agreement-templates/{template_id}', { params: { path: { template_id } } }))

export const askVersion = ({ template_id, number }: Origin) =>
  ask(api.GET('/api/v1/agreement-templates/{template_id}/versions/{number}', { params: { path: { template_id, number: String(number) } } }))

/** The text of a version; a draft may be written anew, anything else stays. */
export function useVersionText(origin: Origin | undefined, written_at = ''): string | undefined {
  const { data } = useQuery({
    queryKey: ['agreement_template', 'text', origin?.template_id, origin?.number, written_at],
    queryFn: () => askVersion(origin as Origin),
    enabled: origin !== undefined,
  })
  return origin && (data?.text ?? undefined)
}

export const preview = (body: Schemas['PreviewAgreementTemplate']) => ask(api.POST('/api/v1/agreement-template-previews', { body }))
