// Keeping the form of a personalised service: publishing a new one, taking it down, and every version there was (CH-F1.12).

import { FileTextOutlined, UploadOutlined } from '@ant-design/icons'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Form } from 'antd'
import { type Ref, useRef, useState } from 'react'
import type { Schemas } from '../../api/client'
import { useHolds } from '../../app/session'
import { useSpeech } from '../../i18n'
import { Dialog } from '../../parts/dialog'
import { endingOf } from '../../parts/ending'
import { FormDialog } from '../../parts/form_dialog'
import { MenuButton } from '../../parts/menu_button'
import { momentText } from '../../parts/moment'
import { ReasonDialog } from '../../parts/reason_dialog'
import { ShortTable } from '../../parts/short_table'
import { Failure } from '../../parts/states'
import { StatusTag } from '../../parts/status_tag'
import { bytesText } from '../../parts/upload'
import { contentOf, MOST, publish, type ServiceForm, TAKEN, versionsOf, withdraw } from './wire'

type Act = 'publish' | 'versions' | 'withdraw'

interface Props {
  service: Schemas['ServiceView']
  /** What it is called. */
  label: string
}

/** What may be done about the form of a service; nothing where there is nothing to do or to see. */
export function KeepForm({ service, label }: Props) {
  const { t, about } = useSpeech()
  const holds = useHolds()
  const client = useQueryClient()
  const [act, setAct] = useState<Act | null>(null)
  const mayWrite = holds('service_form.write')
  const refresh = () => client.invalidateQueries({ queryKey: ['service'] })
  const close = () => setAct(null)
  if (service.standard || (!service.form && !mayWrite)) return null
  const items: { key: Act; label: string }[] = [{ key: 'versions', label: t('service_form.versions') }]
  if (mayWrite) items.unshift({ key: 'publish', label: t(service.form ? 'service_form.replace' : 'service_form.publish') })
  if (mayWrite && service.form) items.push({ key: 'withdraw', label: t('service_form.withdraw') })
  return (
    <>
      <MenuButton size="small" icon={<FileTextOutlined aria-hidden />} aria-label={about(t('service_form.form'), label)} items={items} choose={setAct}>
        {t('service_form.form')}
      </MenuButton>
      {act === 'publish' && <Publish service={service} label={label} done={refresh} close={close} />}
      {act === 'versions' && <Versions service={service.code} label={label} close={close} />}
      {act === 'withdraw' && service.form && <Withdraw service={service} label={label} form={service.form.service_form_id} done={refresh} close={close} />}
    </>
  )
}

/** Takes down the version that was shown when this was opened, and none that came meanwhile. */
function Withdraw({ service, label, form, done, close }: Props & { form: string; done: () => Promise<void>; close: () => void }) {
  const { t, about } = useSpeech()
  const [shown] = useState(form)
  return (
    <ReasonDialog
      title={about(t('service_form.withdraw'), label)}
      hint={t('service_form.withdraw_hint')}
      act={async (reason) => {
        await withdraw(service.code, shown, reason)
        await done()
      }}
      close={close}
    />
  )
}

function Publish({ service, label, done, close }: Props & { done: () => Promise<void>; close: () => void }) {
  const { t, about } = useSpeech()
  const checked = (_: unknown, file?: File) => {
    if (!file) return Promise.reject(new Error(t('field.required')))
    if (!TAKEN.includes(endingOf(file))) return Promise.reject(new Error(t('upload.wrong_type', { name: file.name })))
    return file.size === 0 || file.size > MOST ? Promise.reject(new Error(t('upload.wrong_size', { name: file.name }))) : Promise.resolve()
  }
  return (
    <FormDialog<{ file: File }>
      title={about(t(service.form ? 'service_form.replace' : 'service_form.publish'), label)}
      submit={async ({ file }) => {
        await publish(service.code, file)
        await done()
      }}
      close={close}
    >
      <Form.Item name="file" label={t('service_form.document')} extra={t('service_form.publish_hint')} required rules={[{ validator: checked }]}>
        <Pick />
      </Form.Item>
    </FormDialog>
  )
}

interface PickProps {
  /** Given by the form item. */
  id?: string
  ref?: Ref<never>
  value?: File
  onChange?: (file: File) => void
}

/** A document of this machine, which is sent with the form that it stands in. */
function Pick({ id, ref, value, onChange }: PickProps) {
  const { t } = useSpeech()
  const picker = useRef<HTMLInputElement>(null)
  return (
    <div className="upload-choose">
      <Button id={id} ref={ref} icon={<UploadOutlined aria-hidden />} onClick={() => picker.current?.click()}>
        {t('upload.choose')}
      </Button>
      {value ? (
        <span>
          {value.name} <span className="quiet">{bytesText(value.size)}</span>
        </span>
      ) : (
        <span className="quiet">{t('upload.limits', { types: TAKEN.map((one) => one.toUpperCase()).join(' / '), size: bytesText(MOST) })}</span>
      )}
      <input
        ref={picker}
        type="file"
        hidden
        data-purpose="service_form"
        accept={TAKEN.map((one) => `.${one}`).join(',')}
        onChange={(event) => {
          const [file] = event.target.files ?? []
          event.target.value = ''
          if (file) onChange?.(file)
        }}
      />
    </div>
  )
}

/** Every version, the newest first; what was replaced or withdrawn is still read. */
function Versions({ service, label, close }: { service: string; label: string; close: () => void }) {
  const { t, about } = useSpeech()
  const { data, error, isFetching, refetch } = useQuery({ queryKey: ['service', service, 'forms'], queryFn: () => versionsOf(service) })
  return (
    <Dialog
      open
      width={860}
      title={about(t('service_form.versions'), label)}
      onCancel={close}
      footer={<Button onClick={close}>{t('action.close')}</Button>}
    >
      {error && <Failure error={error} retry={() => void refetch()} />}
      <ShortTable<ServiceForm>
        label={t('service_form.versions')}
        rowKey="service_form_id"
        loading={isFetching}
        dataSource={data?.data ?? []}
        columns={[
          { title: t('service_form.version'), key: 'number', className: 'number', render: (_, one) => one.number },
          {
            title: t('service_form.document'),
            key: 'file',
            render: (_, one) => (
              <>
                <a href={contentOf(one.service_form_id)}>{one.file_name}</a> <span className="quiet">{bytesText(one.size)}</span>
              </>
            ),
          },
          {
            title: t('list.state'),
            key: 'state',
            render: (_, one) => <StatusTag family="service_form_state" state={one.state} tone={one.state === 'current' ? 'good' : 'calm'} />,
          },
          { title: t('service_form.from'), key: 'from', render: (_, one) => one.from_on },
          { title: t('service_form.until'), key: 'until', render: (_, one) => (one.ended_at ? momentText(one.ended_at) : '—') },
          { title: t('action.reason'), key: 'reason', render: (_, one) => one.reason ?? '' },
        ]}
      />
    </Dialog>
  )
}
