// Signing an agreement (CH-25.2). The secret key of the owner never comes near a browser: the statement is saved, signed
// where the key is kept, and what comes out is read here. The platform checks the signature again.

import { CheckCircleOutlined, DownloadOutlined, UploadOutlined } from '@ant-design/icons'
import { Button, Form, Input } from 'antd'
import { type Ref, useRef, useState } from 'react'
import { useSpeech } from '../../i18n'
import { sm3Of } from '../../parts/sm3'
import type { Matter } from '../matter/wire'
import { type Fault, readSignature } from './signature_file'

export function Sign({ matter }: { matter: Matter }) {
  const { t } = useSpeech()
  const statement = (matter.body as { statement?: string } | null)?.statement ?? ''
  const file = `${t('sign.file')}-${matter.channel_number ?? ''}.txt`
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
        <Form.Item name="signature" rules={[{ required: true, message: t('sign.missing') }]}>
          <SignatureFile statement={statement} />
        </Form.Item>
        <Form.Item name="public_key" hidden>
          <Input />
        </Form.Item>
      </li>
    </ol>
  )
}

interface Props {
  statement: string
  id?: string
  ref?: Ref<never>
  value?: string
  onChange?: (signature: string | undefined) => void
}

/** Reads the signature and puts the key beside it. */
function SignatureFile({ statement, id, ref, value, onChange }: Props) {
  const { t } = useSpeech()
  const form = Form.useFormInstance()
  const picker = useRef<HTMLInputElement>(null)
  const [fault, setFault] = useState<Fault | null>(null)
  const take = async (file: File) => {
    const read = readSignature(file.size < 1_000_000 ? await file.text() : '', statement)
    setFault(typeof read === 'string' ? read : null)
    const signed = typeof read === 'string' ? undefined : read
    form.setFieldValue('public_key', signed?.public_key)
    onChange?.(signed?.signature)
  }
  return (
    <div className="upload">
      {value && (
        <p className="sign-done">
          <CheckCircleOutlined aria-hidden /> {t('sign.read')}
        </p>
      )}
      <Button id={id} ref={ref} icon={<UploadOutlined aria-hidden />} onClick={() => picker.current?.click()}>
        {t('sign.choose')}
      </Button>
      <input
        ref={picker}
        type="file"
        hidden
        accept=".sig,.json"
        data-purpose="signature"
        onChange={(event) => {
          const [file] = event.target.files ?? []
          event.target.value = ''
          if (file) void take(file)
        }}
      />
      <div role="status">{fault && <p className="upload-wrong">{t(`sign.${fault}`)}</p>}</div>
    </div>
  )
}
