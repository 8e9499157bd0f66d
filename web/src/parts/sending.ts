// Sending a file of a matter: its digest first, then an announcement, then parts one after another, and at the end the
// platform's own look at the whole. The same file chosen again goes on where it stopped.

import { api, ask, Refused, type Schemas } from '../api/client'
import { worldPath } from '../app/world'
import { digestOf, isSame, PART, type Progress, type Source } from './piecewise'

export type Attachment = Schemas['AttachmentView']

/** How often a part is tried again when the network is at fault, and how long is waited before each time. */
const PAUSES_MS = [500, 2000, 5000]

export interface Errand {
  matter_id: string
  purpose: string
  /** The files that the matter has already. */
  known: Attachment[]
  signal: AbortSignal
  progress: (progress: Progress) => void
}

export const fetchAttachments = (matter_id: string) =>
  ask(api.GET('/api/v1/matters/{matter_id}/attachments', { params: { path: { matter_id } } }))

export const giveUp = (attachment_id: string) =>
  ask(api.DELETE('/api/v1/attachments/{attachment_id}', { params: { path: { attachment_id } } }))

/** Where the content of a whole file is read. */
export const contentOf = ({ attachment_id }: Attachment) => `${worldPath}/api/v1/attachments/${attachment_id}/content`

/** Sends a file whole, or throws; an aborted one throws the signal's reason. */
export async function send(file: Source, errand: Errand): Promise<Attachment> {
  const { matter_id, purpose, known, signal, progress } = errand
  const sm3 = await digestOf(file, errand)
  const begun = known.find((one) => isSame(one, sm3, { purpose, size: file.size }))
  let attachment = begun ?? (await announce(matter_id, { purpose, file_name: file.name, size: file.size, sm3 }))
  let failures = 0
  while (attachment.received < attachment.size) {
    signal.throwIfAborted()
    progress({ stage: 'send', share: attachment.received / attachment.size })
    try {
      const end = Math.min(attachment.received + PART, attachment.size)
      attachment = await append(attachment, file.slice(attachment.received, end), signal)
      failures = 0
    } catch (refused) {
      signal.throwIfAborted()
      const pause = PAUSES_MS[failures]
      if (!isPassing(refused) || pause === undefined) throw refused
      failures += 1
      await new Promise((resolve) => setTimeout(resolve, pause))
      // The part may have arrived although its answer did not.
      attachment = await look(attachment.attachment_id).catch(() => attachment)
    }
  }
  signal.throwIfAborted()
  progress({ stage: 'verify', share: 1 })
  const path = { attachment_id: attachment.attachment_id }
  return ask(api.POST('/api/v1/attachments/{attachment_id}/complete', { params: { path } }))
}

function announce(matter_id: string, body: Schemas['CreateAttachment']): Promise<Attachment> {
  return ask(api.POST('/api/v1/matters/{matter_id}/attachments', { params: { path: { matter_id } }, body }))
}

function look(attachment_id: string): Promise<Attachment> {
  return ask(api.GET('/api/v1/attachments/{attachment_id}', { params: { path: { attachment_id } } }))
}

function append({ attachment_id, received }: Attachment, part: Blob, signal: AbortSignal): Promise<Attachment> {
  return ask(
    api.PUT('/api/v1/attachments/{attachment_id}/content', {
      params: { path: { attachment_id }, query: { offset: received } },
      // Bytes as they are: the description can only say that they are a list of numbers.
      body: part as unknown as never,
      bodySerializer: (body) => body as unknown as Blob,
      headers: { 'content-type': 'application/octet-stream' },
      signal,
    }),
  )
}

/** The network, an overloaded platform, or a part that has arrived already: worth another look. */
function isPassing(refused: unknown): boolean {
  if (!(refused instanceof Refused)) return false
  return refused.status === 0 || refused.status >= 500 || refused.problem.code === 'attachment.offset'
}
