// Templates of agreements and of notices, as the platform tells them.

import { useQuery } from '@tanstack/react-query'
import { api, ask, type Schemas } from '../../api/client'
import { useAll } from '../../parts/choose'
import type { Tone } from '../../parts/status_tag'
import type { Kind, Origin, Words } from './kinds'

export type Template = Schemas['TemplateView']
export type Version = Schemas['TemplateVersionView']
export const TONES: Record<string, Tone> = { draft: 'warn', in_force: 'good', superseded: 'calm', dropped: 'calm' }

export const kindOf = ({ kind }: Template): Kind => (kind === 'notice' ? 'notice' : 'agreement')
export const inForce = (template: Template) => template.versions.find(({ state }) => state === 'in_force')
export const draftOf = (template: Template) => template.versions.find(({ state }) => state === 'draft')
export function useTemplates(): Template[] {
  return useAll('template', 'template.read', (cursor) => ask(api.GET('/api/v1/templates', { params: { query: { limit: 200, cursor } } })))
}

export const askTemplate = (template_id: string) => ask(api.GET('/api/v1/templates/{template_id}', { params: { path: { template_id } } }))

export const askVersion = ({ template_id, number }: Origin) =>
  ask(api.GET('/api/v1/templates/{template_id}/versions/{number}', { params: { path: { template_id, number: String(number) } } }))

/** What a version says; a draft may be written anew, anything else stays. */
export function useVersion(origin: Origin | undefined, written_at = ''): Words | undefined {
  const { data } = useQuery({
    queryKey: ['template', 'text', origin?.template_id, origin?.number, written_at],
    queryFn: () => askVersion(origin as Origin),
    enabled: origin !== undefined,
  })
  return origin && data ? { subject: data.subject ?? undefined, text: data.text ?? '' } : undefined
}

export const preview = (body: Schemas['PreviewTemplate']) => ask(api.POST('/api/v1/template-previews', { body }))
