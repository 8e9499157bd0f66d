// Signing a text without the secret key coming near a browser: the text is saved, signed where the key is kept, and what
// comes out is read here, as a file or as its text. The platform checks the signature again.

import { CheckCircleOutlined, DownloadOutlined, UploadOutlined } from '@ant-design/icons'
import { Button, Form, Input } from 'antd'
import { type Ref, useRef, useState } from 'react'
import { useSpeech } from '../i18n'
import { type Fault, readSignature, type Signed } from './signature_file'
import { sm3Of } from './sm3'

interface Props {
  /** What is signed, byte for byte. */
  statement: string
  /** Under which name it is saved. */
  file: string
  /** Where `signature` and `public_key` lie in the form. */
  inside?: string[]
}

export function SignSteps({ statement, file, inside = [] }: Props) {
  const { t } = useSpeech()
  return (
    <ol className="sign-steps">
      <li>
        <p>{t('sign.save')}</p>
        <blockquote className="written">{statement}</blockquote>
        <p className="gap-below">
          SM3 <code className="digest">{sm3Of(statement)}</code>
        </p>
        <Button
          icon={<DownloadOutlined aria-hidden />}
          href={`data:text/plain;charset=utf-8,${encodeURIComponent(statement)}`}
          download={file}
        >
          {t('sign.download')}
        </Button>
      </li>
      <li>
        <p>{t('sign.run')}</p>
        <code className="secret">{`ykt key sign ${file} --key ${t('sign.key')}.key`}</code>
        <p className="quiet">{t('sign.run_hint')}</p>
      </li>
      <li>
        <p>{t('sign.give')}</p>
        <Form.Item name={[...inside, 'signature']} rules={[{ required: true, message: t('sign.missing') }]}>
          <Signature key={statement} statement={statement} inside={inside} />
        </Form.Item>
        <Form.Item name={[...inside, 'public_key']} hidden>
          <Input />
        </Form.Item>
      </li>
    </ol>
  )
}

interface SignatureProps {
  statement: string
  inside: string[]
  id?: string
  ref?: Ref<never>
  value?: string
  onChange?: (signature: string | undefined) => void
}

/** Reads the signature and puts the key beside it. */
function Signature({ statement, inside, id, ref, value, onChange }: SignatureProps) {
  const { t } = useSpeech()
  const form = Form.useFormInstance()
  const picker = useRef<HTMLInputElement>(null)
  const [fault, setFault] = useState<Fault | null>(null)
  const [isOver, setOver] = useState(false)
  const give = (signed: Signed | undefined, fault: Fault | null) => {
    setFault(fault)
    form.setFieldValue([...inside, 'public_key'], signed?.public_key)
    onChange?.(signed?.signature)
  }
  const read = (text: string) => {
    const found = readSignature(text, statement)
    if (typeof found === 'string') give(undefined, found)
    else give(found, null)
  }
  const take = async (file: File | undefined) => {
    if (file) read(file.size < 1_000_000 ? await file.text() : '')
  }
  return (
    <div
      className="upload upload-drop"
      data-over={isOver}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        void take(event.dataTransfer.files[0])
      }}
    >
      {value && (
        <p className="sign-done">
          <CheckCircleOutlined aria-hidden /> {t('sign.read')}
        </p>
      )}
      <div className="upload-choose">
        <Button id={id} ref={ref} icon={<UploadOutlined aria-hidden />} onClick={() => picker.current?.click()}>
          {t('sign.choose')}
        </Button>
        <span className="quiet">{t('sign.drop')}</span>
      </div>
      <input
        ref={picker}
        type="file"
        hidden
        accept=".sig,.json"
        data-purpose="signature"
        onChange={(event) => {
          const [file] = event.target.files ?? []
          event.target.value = ''
          void take(file)
        }}
      />
      <Input.TextArea
        rows={2}
        aria-label={t('sign.paste')}
        placeholder={t('sign.paste')}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => {
          if (event.target.value.trim()) read(event.target.value)
          else give(undefined, null)
        }}
      />
      <div role="status">{fault && <p className="upload-wrong">{t(`sign.${fault}`)}</p>}</div>
    </div>
  )
}
