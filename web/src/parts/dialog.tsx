import { Modal, type ModalProps } from 'antd'
import { useEffect, useState } from 'react'

/**
 * A dialog that fades in where it stands. As delivered it grows out of the pointer, so its button is for some frames in its
 * place and then elsewhere: whoever presses in the first and lets go in the second has clicked nothing.
 */
export function Dialog(props: ModalProps) {
  useFocusGivenBack(props.open === true)
  return <Modal transitionName="ant-fade" {...props} />
}

/** A dialog that is taken away while it is open gives the focus back to what it was opened from, as one that closes does. */
function useFocusGivenBack(isOpen: boolean) {
  const [opener] = useState(() => document.activeElement)
  useEffect(() => {
    if (!isOpen) return
    return () => {
      if (document.activeElement !== document.body) return
      // What it was opened from may be gone itself, such as the dialog before it.
      const back = opener?.isConnected && opener !== document.body ? opener : document.getElementById('content')
      if (back instanceof HTMLElement) back.focus()
    }
  }, [isOpen, opener])
}
