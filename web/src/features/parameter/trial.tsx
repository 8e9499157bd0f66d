// What another value of a number would have found in the closed months, before anybody proposes it.

import { Button, Form, InputNumber } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { api, ask, type Schemas } from '../../api/client'
import { useSpeech } from '../../i18n'
import { useAttempt } from '../../parts/attempt'
import { Failure } from '../../parts/states'
import { Triggers } from '../monitoring/triggers'
import { scaleOf, useUnit, useValue } from './value'

type Found = Schemas['TrialView']
type Shortfall = Schemas['ShortfallView']
type Parameter = Schemas['ParameterView']

export function Trial({ parameter }: { parameter: Parameter }) {
  const { t } = useSpeech()
  const unit = useUnit(parameter)
  const [found, setFound] = useState<Found | null>(null)
  const { attempt, isBusy, error } = useAttempt()
  const scale = scaleOf(parameter)
  const run = async ({ value }: { value: number }) => {
    const params = { path: { parameter: parameter.name }, query: { value: Math.round(value * scale) } }
    const isDone = await attempt(async () => setFound(await ask(api.GET('/api/v1/parameters/{parameter}/trial', { params }))))
    if (!isDone) setFound(null)
  }
  return (
    <section aria-labelledby="trial">
      <h3 id="trial">{t('parameter.trial')}</h3>
      <p className="quiet gap-below">{t('parameter.trial_lead')}</p>
      <Form layout="inline" className="gap-below" initialValues={{ value: parameter.value / scale }} onFinish={(values: { value: number }) => void run(values)}>
        <Form.Item
          name="value"
          label={`${t('parameter.trial_value')}${unit}`}
          rules={[{ required: true, message: t('field.required') }]}
        >
          <InputNumber min={parameter.least / scale} max={parameter.most / scale} precision={scale === 1 ? 0 : 2} />
        </Form.Item>
        <Button htmlType="submit" loading={isBusy}>
          {t('parameter.trial_run')}
        </Button>
      </Form>
      {error !== null && <Failure error={error} />}
      {found && <Outcome parameter={parameter} found={found} />}
    </section>
  )
}

function Outcome({ parameter, found }: { parameter: Parameter; found: Found }) {
  const { t } = useSpeech()
  const say = useValue()
  const isOther = (row: Shortfall) => row.standing.join() !== row.tried.join()
  const other = found.shortfalls.filter(isOther)
  return (
    <div aria-live="polite">
      <p className="gap-below">
        {t('parameter.trial_found', {
          from: found.first_month,
          to: found.last_month,
          standing: say(parameter, found.standing),
          n: String(found.channels_standing),
          tried: say(parameter, found.tried),
          m: String(found.channels_tried),
        })}
        {other.length === 0 && ` ${t('parameter.trial_same')}`}
      </p>
      {other.length > 0 && (
        <table className="figures">
          <thead>
            <tr>
              {['month', 'channel', 'standing', 'tried'].map((column) => (
                <th key={column} scope="col">
                  {t(`parameter.trial_${column}` as 'parameter.trial_month')}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {other.map((row) => (
              <tr key={`${row.month} ${row.channel_id}`}>
                <th scope="row" className="nowrap">{row.month}</th>
                <td>
                  <Link to={`/channels/${row.channel_id}`}>{row.channel_name}</Link>
                </td>
                <td>
                  <Triggers triggers={row.standing} none="—" />
                </td>
                <td>
                  <Triggers triggers={row.tried} none="—" />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  )
}
