import { Modal, type ModalProps } from 'antd'

/**
 * A dialog that fades in where it stands. As delivered it grows out of the pointer, so its button is for some frames in its
 * place and then elsewhere: whoever presses in the first and lets go in the second has clicked nothing.
 */
export function Dialog(props: ModalProps) {
  return <Modal transitionName="ant-fade" {...props} />
}
