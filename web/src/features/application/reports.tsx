// The security report of the channel, which is a matter of its own (CH-9.2, CH-28.3): which there are, and how to begin one.

import { useQuery } from '@tanstack/react-query'
import { App, Button, Form } from 'antd'
import { useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { useSpeech } from '../../i18n'
import { said } from '../../parts/attempt'
import { Clause } from '../../parts/clause'
import { Panel } from '../../parts/page'
import { Loading } from '../../parts/states'
import { StatusTag } from '../../parts/status_tag'
import { fetchMatters, type Matter, open } from '../matter/wire'

const KIND = 'security_report'

export function Reports({ matter }: { matter: Matter }) {
  const { t } = useSpeech()
  const channel_id = matter.channel_id ?? ''
  const { data } = useQuery({
    queryKey: ['matter', 'reports', channel_id],
    queryFn: () => fetchMatters({ limit: 20, cursor: undefined, values: { kind: KIND, channel_id } }),
    enabled: channel_id !== '',
  })
  return (
    <Panel title={t('formal.report')} extra={<Clause ids="CH-28.3 CH-29" />}>
      <p className="quiet gap-below">{t('formal.report_hint')}</p>
      {!data && <Loading />}
      {data && data.data.length > 0 && (
        <ul className="reports">
          {data.data.map((one) => (
            <li key={one.matter_id}>
              <Link to={`/matters/${one.matter_id}`}>{one.title}</Link>
              <StatusTag family={`state.${KIND}`} state={one.state} tone={one.state === 'accepted' ? 'good' : 'note'} />
            </li>
          ))}
        </ul>
      )}
      <Form.Item name={['files', KIND]}>
        <Begin channel_id={channel_id} isFirst={data?.data.length === 0} />
      </Form.Item>
    </Panel>
  )
}

function Begin({ channel_id, isFirst, id }: { channel_id: string; isFirst: boolean; id?: string }) {
  const { t } = useSpeech()
  const { message } = App.useApp()
  const navigate = useNavigate()
  const [isBusy, setBusy] = useState(false)
  const begin = async () => {
    setBusy(true)
    try {
      const opened = await open({ kind: KIND, channel_id, opening: { occasion: 'first' } })
      void navigate(`/matters/${opened.matter_id}`)
    } catch (refused) {
      message.error(said(refused))
      setBusy(false)
    }
  }
  return (
    <Button id={id} type={isFirst ? 'primary' : 'default'} ghost={isFirst} loading={isBusy} onClick={() => void begin()}>
      {t('formal.report_begin')}
    </Button>
  )
}
