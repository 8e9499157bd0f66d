// The signing key of one's own organisation, on the page of the organisation: which is registered, and the way to
// register the first or the next one.

import { PlusOutlined } from '@ant-design/icons'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { Link, useNavigate } from 'react-router'
import { useHolds, useSession } from '../../app/session'
import { useSpeech } from '../../i18n'
import { useAttempt } from '../../parts/attempt'
import { momentText } from '../../parts/moment'
import { Panel } from '../../parts/page'
import { Failure, Loading } from '../../parts/states'
import { StatusTag } from '../../parts/status_tag'
import { fetchMatters, open } from '../matter/wire'

const KIND = 'signing_key'
/** One that is registered and one that is on its way. */
const MOST = 5

/** Whether somebody signs for an organisation. */
export function useSigns(): boolean {
  const holds = useHolds()
  return holds('matter.act') && useSession().staff.role === 'channel_admin'
}

export function SigningKeyPanel() {
  const { t } = useSpeech()
  const navigate = useNavigate()
  const client = useQueryClient()
  const { data, error, refetch } = useQuery({
    queryKey: ['matter', KIND, 'open'],
    queryFn: () => fetchMatters({ limit: MOST, cursor: undefined, values: { kind: KIND, ended: 'false' } }),
  })
  const { attempt, isBusy, error: refused } = useAttempt()
  const begin = () =>
    attempt(async () => {
      const opened = await open({ kind: KIND, opening: {} })
      await client.invalidateQueries({ queryKey: ['matter'] })
      void navigate(`/matters/${opened.matter_id}`)
    })
  const keys = data?.data ?? []
  const isOnItsWay = keys.some(({ state }) => state !== 'registered')
  const extra = data && !isOnItsWay && (
    <Button icon={<PlusOutlined aria-hidden />} loading={isBusy} onClick={() => void begin()}>
      {t(keys.length > 0 ? 'signing_key.replace' : 'signing_key.register')}
    </Button>
  )
  return (
    <Panel title={t('kind.signing_key')} extra={extra}>
      {(error ?? refused) !== null && <Failure error={error ?? refused} retry={() => void refetch()} />}
      {!data && !error && <Loading />}
      {data && keys.length === 0 && <p className="quiet">{t('signing_key.none')}</p>}
      {keys.map((key) => (
        <p key={key.matter_id}>
          <StatusTag family="state.signing_key" state={key.state} tone={key.state === 'registered' ? 'good' : 'warn'} />{' '}
          <Link to={`/matters/${key.matter_id}`}>{t('matter.see')}</Link>{' '}
          <span className="quiet">{momentText(key.changed_at)}</span>
          {key.state === 'filed' && <span className="quiet"> {t('signing_key.read_out')}</span>}
        </p>
      ))}
    </Panel>
  )
}
