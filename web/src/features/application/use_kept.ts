// The forms of an application while they are filled in: kept by themselves, saved on top of the version that they were begun
// on and of no other, whatever the page hears in the meantime.

import { useQueryClient } from '@tanstack/react-query'
import type { FormInstance } from 'antd'
import { useRef } from 'react'
import { useAttempt } from '../../parts/attempt'
import { pointedOut } from '../../parts/form_dialog'
import { useDraft } from '../../parts/use_draft'
import { useConflict } from '../matter/conflict'
import type { Matter } from '../matter/wire'

interface About<Values> {
  form: FormInstance<Values>
  /** Under what the draft is kept. */
  name: string
  /** As it was when the page was opened; nothing while there is none yet. */
  matter: Matter | undefined
  /** What was filled in, and what a matter says in its place. */
  mine: { filled: () => unknown; kept: (latest: Matter) => unknown }
  /** Saves what was filled in on top of a version, or begins a matter with it. */
  saveOver: (held: Matter | undefined) => Promise<Matter>
}

export function useKept<Values extends object>({ form, name, matter, mine, saveOver }: About<Values>) {
  const held = useRef(matter)
  const last = useRef<Promise<unknown>>(Promise.resolve())
  /** One after another: what saves by itself must not meet what is saved by hand. */
  const save = (): Promise<Matter> => {
    const saving = last.current.then(async () => {
      held.current = await saveOver(held.current)
      return held.current
    })
    last.current = saving.catch(() => undefined)
    return saving
  }
  const draft = useDraft(form, name, { isPage: true, version: held.current?.version, save: matter && (async () => void (await save())) })
  const conflict = useConflict({
    matter: held.current,
    mine,
    take: (latest) => {
      held.current = latest
    },
  })
  const client = useQueryClient()
  const { attempt, error, isBusy } = useAttempt((refused) => {
    // A service may have got a form of its own since the page was opened: its place comes with the catalogue.
    void client.invalidateQueries({ queryKey: ['service'] })
    return conflict.meets(refused) ? null : pointedOut(form)(refused)
  })
  return { attempt, error, isBusy, draft, conflict, save }
}
