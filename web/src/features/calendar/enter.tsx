// Entering the arrangement of a year as the notice says it; what is wrong is told at its day.

import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { useQueryClient } from '@tanstack/react-query'
import { Button, Form, Input } from 'antd'
import { api, ask, type Schemas } from '../../api/client'
import { useSpeech } from '../../i18n'
import { FormDialog } from '../../parts/form_dialog'

type Wish = Schemas['ProposeCalendarYear']

/** Most holidays, and most days worked instead, that the platform takes. */
const MOST = 20

interface Props {
  year: number
  /** What stands already, to be amended. */
  like?: Schemas['CalendarYearView']
  close: () => void
}

export function Enter({ year, like, close }: Props) {
  const { t } = useSpeech()
  const client = useQueryClient()
  const required = { required: true, message: t('field.required') }
  const send = async (body: Wish) => {
    await ask(api.POST('/api/v1/calendar-years', { body: { ...body, year, worked: body.worked ?? [] } }))
    await client.invalidateQueries({ queryKey: ['calendar'] })
  }
  const initial = like
    ? { source: like.source, holidays: like.holidays, worked: like.worked }
    : { source: '', holidays: [{ name: '', first_on: '', last_on: '' }], worked: [] }
  return (
    <FormDialog<Wish> title={t('calendar.enter', { year })} width={720} initial={initial} submit={send} close={close} draft={`calendar ${year}`}>
      <p className="gap-below">{t('calendar.enter_hint')}</p>
      <Form.Item name="source" label={t('calendar.source')} rules={[{ ...required, whitespace: true }]} extra={t('calendar.source_hint')}>
        <Input maxLength={200} />
      </Form.Item>
      <HolidayRows year={year} />
      <WorkedRows year={year} />
      <Form.Item name="reason" label={t('action.reason')} rules={[{ ...required, whitespace: true }]}>
        <Input.TextArea rows={2} maxLength={500} showCount />
      </Form.Item>
    </FormDialog>
  )
}

function HolidayRows({ year }: { year: number }) {
  const { t } = useSpeech()
  const required = { required: true, message: t('field.required') }
  return (
    <fieldset className="gap-below">
      <legend>{t('calendar.holidays')}</legend>
      <Form.List name="holidays">
        {(fields, { add, remove }, { errors }) => (
          <>
            {fields.map(({ key, name: place }) => (
              <div key={key} className="form-row">
                <Form.Item name={[place, 'name']} label={t('calendar.holiday')} rules={[{ ...required, whitespace: true }]}>
                  <Input maxLength={20} />
                </Form.Item>
                <Form.Item name={[place, 'first_on']} label={t('calendar.first_on')} rules={[required]}>
                  <Input type="date" min={`${year}-01-01`} max={`${year}-12-31`} />
                </Form.Item>
                <Form.Item name={[place, 'last_on']} label={t('calendar.last_on')} rules={[required]}>
                  <Input type="date" min={`${year}-01-01`} max={`${year}-12-31`} />
                </Form.Item>
                <Button icon={<DeleteOutlined aria-hidden />} aria-label={t('calendar.remove_holiday', { n: place + 1 })} onClick={() => remove(place)} />
              </div>
            ))}
            <Form.ErrorList errors={errors} />
            {fields.length < MOST && (
              <Button icon={<PlusOutlined aria-hidden />} onClick={() => add({ name: '', first_on: '', last_on: '' })}>
                {t('calendar.add_holiday')}
              </Button>
            )}
          </>
        )}
      </Form.List>
    </fieldset>
  )
}

function WorkedRows({ year }: { year: number }) {
  const { t } = useSpeech()
  return (
    <fieldset className="gap-below">
      <legend>{t('calendar.worked')}</legend>
      <Form.List name="worked">
        {(fields, { add, remove }, { errors }) => (
          <>
            {fields.map(({ key, name: place }) => (
              <div key={key} className="form-row">
                <Form.Item name={place} label={t('calendar.worked_row', { n: place + 1 })} rules={[{ required: true, message: t('field.required') }]}>
                  <Input type="date" min={`${year}-01-01`} max={`${year}-12-31`} />
                </Form.Item>
                <Button icon={<DeleteOutlined aria-hidden />} aria-label={t('calendar.remove_worked', { n: place + 1 })} onClick={() => remove(place)} />
              </div>
            ))}
            <Form.ErrorList errors={errors} />
            {fields.length < MOST && (
              <Button icon={<PlusOutlined aria-hidden />} onClick={() => add('')}>
                {t('calendar.add_worked')}
              </Button>
            )}
          </>
        )}
      </Form.List>
    </fieldset>
  )
}
