// Reading a file of somebody's disk part by part.

import type { Schemas } from '../api/client'
import { Sm3 } from './sm3'

/** Most bytes of one part. */
export const PART = 1 << 20

export interface Progress {
  stage: 'digest' | 'send' | 'verify'
  /** From 0 to 1. */
  share: number
}

/** What of a file its reader needs. */
export type Source = Pick<File, 'name' | 'size' | 'slice'>

interface Reader {
  signal: AbortSignal
  progress: (progress: Progress) => void
}

/** The digest of a file. */
export async function digestOf(file: Source, { signal, progress }: Reader): Promise<string> {
  const hash = new Sm3()
  for (let at = 0; at < file.size; at += PART) {
    signal.throwIfAborted()
    hash.update(new Uint8Array(await file.slice(at, at + PART).arrayBuffer()))
    progress({ stage: 'digest', share: Math.min(1, (at + PART) / file.size) })
  }
  return hash.finish()
}

type Known = Pick<Schemas['AttachmentView'], 'state' | 'sm3' | 'purpose' | 'size'>

/** Whether a file that has not arrived whole is this one. */
export function isSame(known: Known, sm3: string, { purpose, size }: { purpose: string; size: number }): boolean {
  return known.state === 'receiving' && known.sm3 === sm3 && known.purpose === purpose && known.size === size
}
