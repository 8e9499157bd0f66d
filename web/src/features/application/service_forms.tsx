// The forms of personalised services in an application: the blank beside the place for it filled in, and for reviewers what came.

import { Form } from 'antd'
import type { Schemas } from '../../api/client'
import { useHolds } from '../../app/session'
import { useSpeech } from '../../i18n'
import { Clause } from '../../parts/clause'
import { FileLine } from '../../parts/file_line'
import { type Remark, useRemarks } from '../../parts/form_dialog'
import { Panel } from '../../parts/page'
import { Failure } from '../../parts/states'
import { Upload, useAttachments } from '../../parts/upload'
import { useServiceName, useServices } from '../service/services'
import { purposeOf } from '../service_form/purpose'
import { contentOf } from '../service_form/wire'
import { withForm } from './attached'
import { Later } from './later'

const CHANNEL = ['forms', 'channel']

interface AskedProps {
  matter_id?: string
  /** What the channel of a change has already. */
  had?: string[]
  isLevelTwo: boolean
  /** What a reviewer found wrong, by pointer. */
  remarks?: Remark[]
}

/** For each chosen service that has a form: the blank, and where it is put filled in. */
export function ServiceForms({ matter_id, had, isLevelTwo, remarks }: AskedProps) {
  const { t } = useSpeech()
  const form = Form.useFormInstance()
  const services = Form.useWatch<string[] | undefined>([...CHANNEL, 'services'], form)
  const source = Form.useWatch<string | undefined>(['forms', 'level_two', 'source'], { form, preserve: true })
  const given = Form.useWatch<Record<string, string | undefined> | undefined>([...CHANNEL, 'service_forms'], { form, preserve: true })
  const called = useServiceName()
  const asked = withForm({ services, had, source: isLevelTwo ? source : undefined }, useServices().data?.data ?? [], given)
  if (asked.length === 0) return null
  return (
    <fieldset className="gap-below">
      <legend>
        {t('service_form.title')} <Clause ids="CH-F1.12" />
      </legend>
      <p className="quiet gap-below">
        {t('service_form.fill')} {!matter_id && t('upload.after_draft')}
      </p>
      <div className="slots">
        {asked.map((one) => (
          <Place key={one.code} service={one} label={called(one.code)} matter_id={matter_id} remarks={remarks} />
        ))}
      </div>
    </fieldset>
  )
}

interface PlaceProps {
  service: Schemas['ServiceView']
  label: string
  matter_id?: string
  remarks?: Remark[]
}

/** The place of one form. It is there later than the page, so what was said about it is shown when it comes. */
function Place({ service: { code, form }, label, matter_id, remarks = [] }: PlaceProps) {
  const name = [...CHANNEL, 'service_forms', code]
  useRemarks(
    Form.useFormInstance(),
    remarks.filter(({ pointer }) => pointer === `/${name.join('/')}`),
  )
  const titled = (
    <span>
      {label} {form && <Blank form={form.service_form_id} number={form.number} />}
    </span>
  )
  return (
    <Form.Item name={name} label={titled}>
      {matter_id ? <Upload matter_id={matter_id} purpose={purposeOf(code)} takes="document" /> : <Later />}
    </Form.Item>
  )
}

/** The blank, to be had by whoever reads the catalogue. */
function Blank({ form, number }: { form: string; number: number }) {
  const { t } = useSpeech()
  if (!useHolds()('service.list')) return t('service_form.blank', { n: number })
  return <a href={contentOf(form)}>{t('service_form.blank', { n: number })}</a>
}

/** What of a form was filed, or stands in a draft. */
export interface Attached {
  service: string
  file: string
  blank?: { form: string; number: number } | null
}

/** The filled-in forms that came, each with the blank that was current when it was filed. */
export function AttachedForms({ matter_id, attached }: { matter_id: string; attached: Attached[] }) {
  const { t } = useSpeech()
  const called = useServiceName()
  const { data, error, refetch } = useAttachments(matter_id)
  return (
    <Panel title={t('service_form.title')} extra={<Clause ids="CH-F1.12" />}>
      {error && <Failure error={error} retry={() => void refetch()} />}
      <div className="files">
        {attached.map(({ service, file, blank }) => {
          const found = data?.data.find((one) => one.attachment_id === file)
          return (
            <div key={service} className="group">
              <h3>{called(service)}</h3>
              {found && <FileLine file={found} />}
              {blank && (
                <p className="quiet">
                  {t('service_form.filed_with')} <Blank form={blank.form} number={blank.number} />
                </p>
              )}
            </div>
          )
        })}
      </div>
    </Panel>
  )
}
