// 加签: what other offices were asked about a matter, and what they said. It blocks nothing; whoever decides sees what is open.

import { useQueryClient } from '@tanstack/react-query'
import { Button, Form, Input, Select } from 'antd'
import { useState } from 'react'
import { useDivisions } from '../../app/divisions'
import { useSpeech } from '../../i18n'
import { FormDialog } from '../../parts/form_dialog'
import { momentText } from '../../parts/moment'
import { Panel } from '../../parts/page'
import { StatusTag } from '../../parts/status_tag'
import { Upload } from '../../parts/upload'
import { Refer } from './refer'
import { Party } from './wait_view'
import { type Advice, answerAdvice, askAdvice, isScrubbed, type Matter, withdrawAdvice } from './wire'

type Asking = { kind: 'ask' } | { kind: 'answer' | 'withdraw'; advice: Advice }

export function AdvicePanel({ matter }: { matter: Matter }) {
  const { t } = useSpeech()
  const client = useQueryClient()
  const [asking, setAsking] = useState<Asking | null>(null)
  const advice = matter.advice ?? []
  if (advice.length === 0 && !matter.may_ask_advice) return null
  const keep = async (after: Matter) => {
    client.setQueryData(['matter', matter.matter_id], after)
    await client.invalidateQueries({ queryKey: ['matter', 'inbox'] })
  }
  const close = () => setAsking(null)
  const open = advice.filter(({ state }) => state === 'asked').length
  return (
    <Panel title={t('advice.title')}>
      {open > 0 && <p className="tone-warn note gap-below">{t('advice.open', { n: open })}</p>}
      {advice.length === 0 && <p className="quiet gap-below">{t('advice.none')}</p>}
      <ul className="advice">
        {advice.map((one) => (
          <li key={one.advice_id}>
            <p>
              <strong>
                <Party wait={one} />
              </strong>{' '}
              <StatusTag family="advice_state" state={one.state} tone={one.state === 'asked' ? 'warn' : one.state === 'answered' ? 'good' : 'calm'} />
            </p>
            <p>{one.words}</p>
            <p className="quiet">{t('advice.asked', { by: one.asked_by, at: momentText(one.asked_at) })}</p>
            {one.answer && <p className="advice-answer">{one.answer}</p>}
            {one.files.map((file) => (
              <p key={file}>
                <Refer id={file} matter_id={matter.matter_id} />
              </p>
            ))}
            {one.closed_at && <p className="quiet">{t('advice.closed', { by: one.closed_by ?? '', at: momentText(one.closed_at) })}</p>}
            {(one.may_answer || one.may_withdraw) && (
              <p className="assigned-acts">
                {one.may_answer && (
                  <Button type="primary" size="small" onClick={() => setAsking({ kind: 'answer', advice: one })}>
                    {t('advice.answer')}
                  </Button>
                )}
                {one.may_withdraw && (
                  <Button size="small" onClick={() => setAsking({ kind: 'withdraw', advice: one })}>
                    {t('advice.withdraw')}
                  </Button>
                )}
              </p>
            )}
          </li>
        ))}
      </ul>
      {matter.may_ask_advice && <Button onClick={() => setAsking({ kind: 'ask' })}>{t('advice.ask')}</Button>}
      {asking?.kind === 'ask' && <Ask matter={matter} keep={keep} close={close} />}
      {asking?.kind === 'answer' && <Answer matter={matter} advice={asking.advice} keep={keep} close={close} />}
      {asking?.kind === 'withdraw' && <Withdraw matter={matter} advice={asking.advice} keep={keep} close={close} />}
    </Panel>
  )
}

interface Props {
  matter: Matter
  keep: (after: Matter) => Promise<void>
  close: () => void
}

function Words({ label }: { label: string }) {
  const { t } = useSpeech()
  return (
    <Form.Item name="words" label={label} rules={[{ required: true, whitespace: true, message: t('field.required') }]}>
      <Input.TextArea rows={4} maxLength={2000} showCount />
    </Form.Item>
  )
}

/** Those who can be asked. */
const ASKED = ['prefecture', 'province', 'ministry', 'operator']

function Ask({ matter, keep, close }: Props) {
  const { t, name } = useSpeech()
  return (
    <FormDialog<{ party: string; division?: string; words: string }>
      title={t('advice.ask')}
      submit={async ({ party, division, words }) => keep(await askAdvice(matter, { party, division, words }))}
      close={close}
    >
      <p className="quiet gap-below">{t('advice.hint')}</p>
      <Form.Item name="party" label={t('advice.office')} rules={[{ required: true, message: t('field.required') }]}>
        <Select options={ASKED.map((value) => ({ value, label: name('party', value) }))} />
      </Form.Item>
      <Area />
      <Words label={t('advice.question')} />
    </FormDialog>
  )
}

/** The area, where the chosen party has many. */
function Area() {
  const { t } = useSpeech()
  const divisions = useDivisions()
  const party = Form.useWatch<string | undefined>('party', Form.useFormInstance())
  if (party !== 'province' && party !== 'prefecture') return null
  const isProvince = ({ code }: { code: string }) => code.endsWith('0000')
  const isPrefecture = ({ code }: { code: string }) => code.endsWith('00') && !code.endsWith('0000')
  const listed = divisions.all.filter(party === 'province' ? isProvince : isPrefecture)
  const options = listed.map(({ code }) => ({ value: code, label: `${divisions.name(code)} ${code}` }))
  return (
    <Form.Item key={party} name="division" label={t('advice.division')} preserve={false} rules={[{ required: true, message: t('field.required') }]}>
      <Select options={options} showSearch={{ optionFilterProp: 'label' }} />
    </Form.Item>
  )
}

function Answer({ matter, advice, keep, close }: Props & { advice: Advice }) {
  const { t } = useSpeech()
  return (
    <FormDialog<{ words: string; files?: string | string[] }>
      title={t('advice.answer')}
      submit={async ({ words, files }) => keep(await answerAdvice(matter, advice, { words, files: files === undefined ? [] : [files].flat() }))}
      close={close}
    >
      <p className="gap-below">{advice.words}</p>
      <Words label={t('advice.opinion')} />
      <Form.Item name="files" label={t('upload.files')}>
        <Upload matter_id={matter.matter_id} purpose={advice.advice_id} takes="any" isMany isScrubbed={isScrubbed(matter)} />
      </Form.Item>
      <p className="quiet">{t('advice.once')}</p>
    </FormDialog>
  )
}

function Withdraw({ matter, advice, keep, close }: Props & { advice: Advice }) {
  const { t } = useSpeech()
  return (
    <FormDialog<{ words: string }>
      title={t('advice.withdraw')}
      submit={async ({ words }) => keep(await withdrawAdvice(matter, advice, words))}
      close={close}
    >
      <Words label={t('action.reason')} />
    </FormDialog>
  )
}
