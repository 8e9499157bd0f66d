// 附表3, the formal filing (CH-9.3a): two recordings with their six steps, the security report, the keys of the running
// service. What 附表1 says is not asked again.

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, Input } from 'antd'
import { Link, Navigate, useNavigate, useParams } from 'react-router'
import { useToday } from '../../app/today'
import { useSpeech } from '../../i18n'
import { Clause } from '../../parts/clause'
import { forgive, useRemarks } from '../../parts/form_dialog'
import { Loaded } from '../../parts/loaded'
import { Facts, Page, Panel } from '../../parts/page'
import { Failure } from '../../parts/states'
import { Upload } from '../../parts/upload'
import { act, askMatter, type Matter } from '../matter/wire'
import { type ApplicationBodyShape, Returned } from './application_body'
import { type Marks, marksOf, toldOf } from './marks'
import { Recording } from './recording'
import { Reports } from './reports'
import { Keys } from './sections'
import { useKept } from './use_kept'

interface Values {
  form: {
    filled_on?: string
    contact?: Record<string, string | undefined>
    marks?: Marks
    keys?: { usage?: string; public_key?: string }[]
  }
}

export function Component() {
  const { matter_id = '' } = useParams()
  const { t } = useSpeech()
  const found = useQuery({ queryKey: ['matter', matter_id], queryFn: () => askMatter(matter_id) })
  const mayEdit = (matter: Matter) => matter.actions.some((one) => one.action === 'save_formal')
  return (
    <Loaded title={t('formal.title')} query={found}>
      {(matter) => (mayEdit(matter) ? <Editor matter={matter} /> : <Navigate to={`/matters/${matter_id}`} replace />)}
    </Loaded>
  )
}

function Editor({ matter }: { matter: Matter }) {
  const { t, name } = useSpeech()
  const { message } = App.useApp()
  const navigate = useNavigate()
  const client = useQueryClient()
  const today = useToday()
  const [form] = Form.useForm<Values>()
  const body = (matter.body ?? {}) as ApplicationBodyShape
  const { forms = {}, formal, returned, purpose } = body
  useRemarks(form, returned?.comments)
  const isAccess = purpose !== 'change'

  const filled = () => {
    const { filled_on = '', contact = {}, marks, keys = [] } = form.getFieldsValue(true).form as Values['form']
    return {
      filled_on,
      number: matter.channel_number ?? '',
      contact: Object.fromEntries(Object.entries(contact).map(([key, value]) => [key, value ?? ''])),
      marks: toldOf(marks ?? {}),
      keys: keys.filter((key) => key?.public_key),
    }
  }
  const { attempt, error, isBusy, draft, conflict, save } = useKept({
    form,
    name: `formal.${matter.matter_id}`,
    matter,
    mine: { filled: () => ({ form: filled() }), kept: (latest) => ({ form: (latest.body as ApplicationBodyShape | undefined)?.formal }) },
    saveOver: async (held = matter) => {
      const after = await act(held, 'save_formal', { form: filled() })
      client.setQueryData(['matter', matter.matter_id], after)
      return after
    },
  })
  const keep = () =>
    attempt(async () => {
      await save()
      draft.sent()
      message.success(t('application.saved'))
    })
  const file = () =>
    attempt(async () => {
      const saved = await save()
      draft.sent()
      const filed = await act(saved, 'file_formal', {})
      client.setQueryData(['matter', matter.matter_id], filed)
      void client.invalidateQueries({ queryKey: ['matter', 'inbox'] })
      void navigate(`/matters/${matter.matter_id}`)
    })
  const initial: Values = {
    form: {
      filled_on: formal?.filled_on || today,
      contact: formal?.contact?.name ? formal.contact : forms.one?.contact,
      marks: marksOf(formal?.marks ?? []),
      keys: formal?.keys,
    },
  }
  const forgiven = forgive(form)
  const changed = (values: unknown) => {
    forgiven(values)
    draft.note(values)
  }
  return (
    <Page
      title={t('formal.title')}
      above={<Link to={`/matters/${matter.matter_id}`}>{matter.title}</Link>}
      lead={t('formal.lead')}
    >
      <Form<Values> form={form} layout="vertical" initialValues={initial} scrollToFirstError onValuesChange={changed} onFinish={() => void file()}>
        {draft.told}
        {conflict.dialog}
        <div className="panels">
          {error !== null && <Failure error={error} />}
          {returned && <Returned returned={returned} />}
          <Panel title={t('formal.channel')}>
            <div className="gap-below">
              <Facts
                facts={[
                  { label: t('application.one.owner_name'), value: forms.one?.owner_name },
                  { label: t('application.channel.name'), value: forms.channel?.name },
                  { label: t('channel.number'), value: <span className="number-plain">{matter.channel_number}</span> },
                ]}
              />
            </div>
            <div className="form-grid">
              <Form.Item name={['form', 'filled_on']} label={t('application.one.filled_on')}>
                <Input type="date" max={today} />
              </Form.Item>
              {['name', 'phone', 'email'].map((field) => (
                <Form.Item key={field} name={['form', 'contact', field]} label={name('application', `contact.${field}`)}>
                  <Input maxLength={254} />
                </Form.Item>
              ))}
            </div>
          </Panel>
          <Panel title={t('formal.recordings')} extra={<Clause ids="CH-F3.4 CH-F3.5" />}>
            <p className="quiet gap-below">{t('formal.recordings_hint')}</p>
            <div className="halves">
              <Recording matter_id={matter.matter_id} system="ios" marked={draft.note} />
              <Recording matter_id={matter.matter_id} system="android" marked={draft.note} />
            </div>
          </Panel>
          <Reports matter={matter} />
          {isAccess && <Keys base={['form', 'keys']} title={t('formal.keys')} />}
          <Panel title={t('formal.sealed')} extra={<span className="clause">CH-F3.3</span>}>
            <p className="quiet gap-below">{t('formal.sealed_hint')}</p>
            <Upload matter_id={matter.matter_id} purpose="form_three_sealed" takes="scan" />
          </Panel>
          <div className="form-foot">
            <Button onClick={() => void keep()} loading={isBusy}>
              {t('application.save')}
            </Button>
            <Button type="primary" htmlType="submit" loading={isBusy}>
              {t('formal.file')}
            </Button>
          </div>
        </div>
      </Form>
    </Page>
  )
}
