// A form that keeps its draft by itself. What was filled in and not sent comes back when the form is opened again, and a page
// is not left without a word. Where the matter is a draft already, the platform's copy is kept up as well.

import { App, Button, type FormInstance } from 'antd'
import { createContext, type ReactNode, type RefObject, useContext, useEffect, useEffectEvent, useRef, useState } from 'react'
import { useBlocker } from 'react-router'
import { useSignIn } from '../app/session'
import { useSpeech } from '../i18n'
import { Dialog } from './dialog'
import { carried, drop, type Kept, keep, keyOf, NOBODY, read, written } from './draft'
import { momentText } from './moment'

/** So long after the last change the platform's copy is brought up to date. */
const REST_MS = 30_000

interface About {
  /** It is a page: leaving it is asked about. A dialog opens again with what was in it. */
  isPage?: boolean
  /** The version of the matter that is being filled in: a draft of another one is not laid over it unasked. */
  version?: number
  /** Brings the platform's copy up to date. */
  save?: () => Promise<void>
}

export interface Drafting {
  /** Something was changed by whoever fills it in. */
  note: (changed: unknown) => void
  /** It was sent: there is nothing left to keep. */
  sent: () => void
  /** Says that a draft was found, or when it was saved; asks before the page is left. */
  told: ReactNode
}

/** How a field of a dialog notes what a button has put into the form, which the form itself does not tell. */
export const Noting = createContext<Drafting['note']>(() => undefined)
export const useNote = () => useContext(Noting)

/** Keeps the draft of a form under a name; without a name nothing is kept. */
export function useDraft<Values extends object>(form: FormInstance<Values>, name: string | undefined, { isPage = false, version, save }: About = {}): Drafting {
  const who = useSignIn().session?.staff.staff_id ?? NOBODY
  const key = name === undefined ? undefined : keyOf(who, name)
  const [found, setFound] = useState(() => (key === undefined ? null : read(sessionStorage, key)))
  const [savedAt, setSavedAt] = useState<string | null>(null)
  const isUnsent = useRef(false)
  const rest = useRef<ReturnType<typeof setTimeout>>(undefined)
  const isOfAnother = found?.version !== undefined && found.version !== version

  const restore = ({ values }: Kept) => {
    form.setFieldsValue(values as never)
    isUnsent.current = true
  }
  const restoreFirst = useEffectEvent(() => {
    if (found && !isOfAnother) restore(found)
  })
  useEffect(() => restoreFirst(), [])
  useEffect(() => () => clearTimeout(rest.current), [])

  const sent = () => {
    clearTimeout(rest.current)
    isUnsent.current = false
    setFound(null)
    if (key !== undefined) drop(sessionStorage, key)
  }
  const saveNow = useEffectEvent(async () => {
    const before = written(form.getFieldsValue(true))
    try {
      await save?.()
    } catch {
      // It stays in this tab; whoever saves it themselves is told why it cannot be saved.
      return
    }
    setSavedAt(new Date().toISOString())
    if (JSON.stringify(before) === JSON.stringify(written(form.getFieldsValue(true)))) sent()
  })
  const note = (changed: unknown) => {
    if (key === undefined || written(changed) === undefined) return
    isUnsent.current = true
    keep(sessionStorage, key, { values: form.getFieldsValue(true), at: new Date().toISOString(), version })
    clearTimeout(rest.current)
    if (save) rest.current = setTimeout(() => void saveNow(), REST_MS)
  }
  const giveUp = () => {
    form.resetFields()
    sent()
  }
  const take = () => {
    if (found) restore({ ...found, values: carried(found.values) })
    setFound(found && { ...found, version })
  }
  const told = (
    <>
      {found && <Found draft={found} isOfAnother={isOfAnother} take={take} giveUp={giveUp} />}
      {savedAt && !found && <SavedAt at={savedAt} />}
      {isPage && <Leaving isUnsent={isUnsent} giveUp={sent} />}
    </>
  )
  return { note, sent, told }
}

interface FoundProps {
  draft: Kept
  /** The matter has changed since. */
  isOfAnother: boolean
  take: () => void
  giveUp: () => void
}

function Found({ draft, isOfAnother, take, giveUp }: FoundProps) {
  const { t } = useSpeech()
  const at = momentText(draft.at)
  return (
    <div className={`note draft gap-below tone-${isOfAnother ? 'warn' : 'note'}`} role="status">
      <span>{t(isOfAnother ? 'draft.of_another' : 'draft.found', { at })}</span>
      {isOfAnother && (
        <Button size="small" onClick={take}>
          {t('draft.take')}
        </Button>
      )}
      <Button size="small" onClick={giveUp}>
        {t('draft.give_up')}
      </Button>
    </div>
  )
}

function SavedAt({ at }: { at: string }) {
  const { t } = useSpeech()
  return (
    <p className="quiet gap-below" role="status">
      {t('draft.saved', { at: momentText(at) })}
    </p>
  )
}

/** Asks before a page is left with something on it that was not sent. */
function Leaving({ isUnsent, giveUp }: { isUnsent: RefObject<boolean>; giveUp: () => void }) {
  const { t } = useSpeech()
  const blocker = useBlocker(({ currentLocation, nextLocation }) => isUnsent.current && currentLocation.pathname !== nextLocation.pathname)
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      if (isUnsent.current) event.preventDefault()
    }
    window.addEventListener('beforeunload', warn)
    return () => window.removeEventListener('beforeunload', warn)
  }, [isUnsent])
  const stay = () => blocker.reset?.()
  const leave = () => blocker.proceed?.()
  return (
    <Dialog
      open={blocker.state === 'blocked'}
      title={t('draft.leaving')}
      onCancel={stay}
      footer={
        <div className="action-bar">
          <Button type="primary" autoFocus onClick={stay}>
            {t('draft.stay')}
          </Button>
          <Button onClick={leave}>{t('draft.leave')}</Button>
          <Button
            danger
            onClick={() => {
              giveUp()
              leave()
            }}
          >
            {t('draft.leave_without')}
          </Button>
        </div>
      }
    >
      <p>{t('draft.leaving_hint')}</p>
    </Dialog>
  )
}

/** Asks before drafts go with the sign-out. */
export function useConfirmLoss(): (count: number) => Promise<boolean> {
  const { t } = useSpeech()
  const { modal } = App.useApp()
  return async (count) => {
    if (count === 0) return true
    return modal.confirm({
      title: t('draft.sign_out'),
      content: t('draft.sign_out_hint', { n: count }),
      okText: t('account.sign_out'),
      okButtonProps: { danger: true },
      cancelText: t('action.cancel'),
    })
  }
}
