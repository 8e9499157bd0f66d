// 转办: in whose hands the own office has a matter. It changes nothing of who may act.

import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, Input, Select } from 'antd'
import { useState } from 'react'
import { useSession } from '../../app/session'
import { useSpeech } from '../../i18n'
import { said } from '../../parts/attempt'
import { FormDialog } from '../../parts/form_dialog'
import { momentText } from '../../parts/moment'
import { wantsReason } from './hands'
import { assign, type Matter } from './wire'

export function Assigned({ matter }: { matter: Matter }) {
  const { t, about } = useSpeech()
  const { message } = App.useApp()
  const client = useQueryClient()
  const me = useSession().staff.staff_id
  const [isHanding, setHanding] = useState(false)
  const held = matter.assignment
  if (!held) return null
  const own = held.assignee?.staff_id
  const put = async (to: string | undefined, words?: string) => {
    client.setQueryData(['matter', matter.matter_id], await assign(matter, to, words))
    await client.invalidateQueries({ queryKey: ['matter', 'inbox'] })
  }
  const atOnce = (to: string | undefined) => put(to).catch((refused: unknown) => void message.error(said(refused)))
  const may = held.colleagues.length > 0
  return (
    <div className="assigned gap-below">
      <p>
        <span className="quiet">{t('assignment.assignee')}</span> <strong>{held.assignee?.login ?? t('hands.unclaimed')}</strong>
        {own === me && ` · ${t('hands.mine')}`}
      </p>
      {may && (
        <p className="assigned-acts">
          {!own && (
            <Button size="small" onClick={() => void atOnce(me)}>
              {t('assignment.claim')}
            </Button>
          )}
          {own === me && (
            <Button size="small" onClick={() => void atOnce(undefined)}>
              {t('assignment.lay_down')}
            </Button>
          )}
          {(own !== undefined || held.colleagues.length > 1) && (
            <Button size="small" onClick={() => setHanding(true)}>
              {t(own && own !== me ? 'assignment.take_over' : 'assignment.hand_over')}
            </Button>
          )}
        </p>
      )}
      {held.history.length > 0 && (
        <details>
          <summary>{t('assignment.history')}</summary>
          <ul className="quiet">
            {held.history.map((line) => (
              <li key={line.at}>
                {momentText(line.at)} {line.by.login} → {line.to?.login ?? t('hands.unclaimed')}
                {line.words && about('', line.words)}
              </li>
            ))}
          </ul>
        </details>
      )}
      {isHanding && <HandOver matter={matter} me={me} put={put} close={() => setHanding(false)} />}
    </div>
  )
}

interface Handing {
  staff_id?: string
  words: string
}

interface HandOverProps {
  matter: Matter
  me: string
  put: (to: string | undefined, words: string) => Promise<void>
  close: () => void
}

function HandOver({ matter, me, put, close }: HandOverProps) {
  const { t } = useSpeech()
  const { assignee, colleagues = [] } = matter.assignment ?? {}
  const required = { required: true, whitespace: true, message: t('field.required') }
  const others = colleagues.filter(({ staff_id }) => staff_id !== assignee?.staff_id && (assignee || wantsReason(undefined, staff_id, me)))
  const isOthers = assignee && assignee.staff_id !== me
  const options = others.map(({ staff_id, login }) => ({ value: staff_id, label: staff_id === me ? t('assignment.myself', { login }) : login }))
  return (
    <FormDialog<Handing>
      title={t(isOthers ? 'assignment.take_over' : 'assignment.hand_over')}
      initial={isOthers ? { staff_id: me } : {}}
      submit={({ staff_id, words }) => put(staff_id, words)}
      close={close}
    >
      <p className="quiet gap-below">{t('assignment.hint')}</p>
      <Form.Item name="staff_id" label={t('assignment.to')} rules={[{ required: true, message: t('field.required') }]}>
        <Select options={options} />
      </Form.Item>
      <Form.Item name="words" label={t('action.reason')} rules={[required]}>
        <Input.TextArea rows={3} maxLength={2000} showCount />
      </Form.Item>
    </FormDialog>
  )
}
