// Forms of personalised services: where they are read, and how they are published.

import { api, ask, type Schemas } from '../../api/client'
import { worldPath } from '../../app/world'

export type ServiceForm = Schemas['ServiceFormView']

/** What a form may be, by the endings of names; the platform looks at the content itself. */
export const TAKEN = ['pdf', 'docx', 'xlsx', 'pptx']
/** Most bytes of a form. */
export const MOST = 4 << 20

/** Where the document of a form is read, current or not. */
export const contentOf = (service_form_id: string) => `${worldPath}/api/v1/service-forms/${service_form_id}/content`

export function publish(service: string, file: File): Promise<ServiceForm> {
  return ask(
    api.PUT('/api/v1/services/{service}/form', {
      params: { path: { service }, query: { file_name: file.name } },
      // Bytes as they are: the description can only say that they are a list of numbers.
      body: file as unknown as never,
      bodySerializer: (body) => body as unknown as Blob,
      headers: { 'content-type': 'application/octet-stream' },
    }),
  )
}

/** Takes down the form that is named, if it is the current one still. */
export const withdraw = (service: string, service_form_id: string, reason: string): Promise<ServiceForm> =>
  ask(api.POST('/api/v1/services/{service}/form/withdraw', { params: { path: { service } }, body: { service_form_id, reason } }))

export const versionsOf = (service: string) => ask(api.GET('/api/v1/services/{service}/forms', { params: { path: { service } } }))
