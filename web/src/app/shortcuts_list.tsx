// The list of keys, opened by `?`. Keys that stand alone can be switched off (WCAG 2.1.4).

import { Checkbox } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useNavigate } from 'react-router'
import { useSpeech } from '../i18n'
import { Dialog } from '../parts/dialog'
import { ALWAYS, meant, PLACES } from './shortcuts'

const KEPT = 'ykt.keys'
const LED_MS = 1500

const isWriting = (at: EventTarget | null) =>
  at instanceof HTMLElement && (at.isContentEditable || at.closest('input, textarea, select, [role="combobox"], [role="dialog"]') !== null)

export function Shortcuts() {
  const { t } = useSpeech()
  const navigate = useNavigate()
  const [isOpen, setOpen] = useState(false)
  const [isOn, setOn] = useState(() => localStorage.getItem(KEPT) !== 'off')
  const ledAt = useRef(0)
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const isLed = Date.now() - ledAt.current < LED_MS
      ledAt.current = 0
      const isModified = event.ctrlKey || event.altKey || event.metaKey
      const found = meant({ key: event.key, isModified, isWriting: isWriting(event.target), isLed })
      if (found?.act === 'lead') ledAt.current = Date.now()
      if (found?.act === 'help') setOpen(true)
      if (found?.act === 'go') void navigate(found.path)
      if (found?.act === 'search') {
        const field = document.querySelector<HTMLInputElement>('main .list-filters input')
        field?.focus()
      }
      if (found) event.preventDefault()
    }
    const open = () => setOpen(true)
    if (isOn) window.addEventListener('keydown', press)
    window.addEventListener(OPEN, open)
    return () => {
      window.removeEventListener('keydown', press)
      window.removeEventListener(OPEN, open)
    }
  }, [isOn, navigate])
  const choose = (on: boolean) => {
    localStorage.setItem(KEPT, on ? 'on' : 'off')
    setOn(on)
  }
  const own = [
    { keys: ['?'], label: t('keys.help') },
    { keys: ['/'], label: t('keys.search') },
    ...Object.entries(PLACES).map(([key, { label }]) => ({ keys: [`g ${key}`], label: t(label) })),
  ]
  return (
    <Dialog open={isOpen} title={t('keys.title')} footer={null} onCancel={() => setOpen(false)} destroyOnHidden>
      <Checkbox checked={isOn} onChange={(event) => choose(event.target.checked)}>
        {t('keys.single')}
      </Checkbox>
      <table className="figures keys">
        <thead>
          <tr>
            <th scope="col">{t('keys.key')}</th>
            <th scope="col">{t('keys.does')}</th>
          </tr>
        </thead>
        <tbody>
          {[...own, ...ALWAYS.map(({ keys, label }) => ({ keys, label: t(label) }))].map(({ keys, label }) => (
            <tr key={label}>
              <th scope="row">
                {keys.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </th>
              <td>{label}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Dialog>
  )
}

const OPEN = 'ykt:keys'

/** Opens the list from elsewhere, as from the account's menu. */
export const openShortcuts = () => window.dispatchEvent(new Event(OPEN))
