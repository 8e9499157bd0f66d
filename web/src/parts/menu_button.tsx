import { Button, type ButtonProps, Dropdown } from 'antd'
import { useEffect, useRef, useState } from 'react'

interface Props<Key extends string> extends Omit<ButtonProps, 'onClick'> {
  items: { key: Key; label: string }[]
  choose: (key: Key) => void
}

/**
 * A button with a menu of what it does. The arrow keys go through the menu once it is open, and what comes of a choice gives
 * the focus back to the button.
 */
export function MenuButton<Key extends string>({ items, choose, ...button }: Props<Key>) {
  const opener = useRef<HTMLButtonElement>(null)
  const popup = useRef<HTMLDivElement>(null)
  const [isOpen, setIsOpen] = useState(false)
  useEffect(() => {
    if (!isOpen) return
    // What is still hidden takes no focus, and how many frames it stays so depends on the machine.
    let frame = requestAnimationFrame(function enter() {
      const first = popup.current?.querySelector<HTMLElement>('[role=menuitem]')
      first?.focus()
      if (!first || document.activeElement !== first) frame = requestAnimationFrame(enter)
    })
    return () => cancelAnimationFrame(frame)
  }, [isOpen])
  return (
    <Dropdown
      trigger={button.loading ? [] : ['click']}
      onOpenChange={setIsOpen}
      popupRender={(menu) => <div ref={popup}>{menu}</div>}
      menu={{
        items,
        onClick: ({ key, domEvent }) => {
          // The key that chose goes no further: whatever has the focus next, such as the button of a dialog, would be pressed by it.
          domEvent.preventDefault()
          opener.current?.focus()
          choose(key as Key)
        },
      }}
    >
      <Button ref={opener} {...button} />
    </Dropdown>
  )
}
