// What an account does about itself: its second factor and its sessions.

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { api, ask } from '../../api/client'
import { usePrevious } from '../../app/arrival'
import { useSignIn } from '../../app/session'
import { useSpeech } from '../../i18n'
import { said } from '../../parts/attempt'
import { Dialog } from '../../parts/dialog'
import { momentText } from '../../parts/moment'
import { Facts, Page, Panel } from '../../parts/page'
import { Failure, Loading } from '../../parts/states'
import { Delegations } from '../delegation/panel'
import { Notifications } from '../notification/panel'
import { Enrol, RecoveryCodes } from './enrol'
import { PasskeyPanel } from './passkeys'
import { type Listed, SessionTable } from './session_table'

export function Component() {
  const { t } = useSpeech()
  return (
    <Page title={t('security.title')} lead={t('security.lead')} actions={<Link to="/password">{t('account.password')}</Link>}>
      <div className="panels">
        <Factor />
        <PasskeyPanel />
        <Sessions />
        <Notifications />
        <Delegations />
      </div>
    </Page>
  )
}

function Factor() {
  const { t } = useSpeech()
  const { message } = App.useApp()
  const client = useQueryClient()
  // A passkey is a factor too: it brings the same recovery codes.
  const hasFactor = useSignIn().portal?.has_factor ?? false
  const [isEnrolling, setEnrolling] = useState(false)
  const [codes, setCodes] = useState<string[] | null>(null)
  const { data, error, refetch } = useQuery({ queryKey: ['factor'], queryFn: () => ask(api.GET('/api/v1/staff/factor')) })
  const renew = async () => {
    try {
      setCodes((await ask(api.POST('/api/v1/staff/factor/recovery-codes'))).recovery_codes)
    } catch (refused) {
      message.error(said(refused))
    }
  }
  const close = () => {
    setEnrolling(false)
    setCodes(null)
    void client.invalidateQueries({ queryKey: ['factor'] })
  }
  return (
    <Panel title={t('factor.title')}>
      {error ? (
        <Failure error={error} retry={() => void refetch()} />
      ) : data ? (
        <div className="panels">
          <Facts
            facts={[
              { label: t('list.state'), value: data.enrolled_at ? t('factor.enrolled') : t('factor.absent') },
              data.enrolled_at ? { label: t('factor.since'), value: momentText(data.enrolled_at) } : null,
              hasFactor ? { label: t('factor.codes_left'), value: data.recovery_codes } : null,
              { label: t('factor.is_compulsory'), value: data.is_compulsory ? t('yes') : t('no') },
            ]}
          />
          <div className="action-bar">
            <Button type={hasFactor ? 'default' : 'primary'} onClick={() => setEnrolling(true)}>
              {t(data.enrolled_at ? 'factor.replace' : 'factor.enrol')}
            </Button>
            {hasFactor && <Button onClick={() => void renew()}>{t('factor.renew')}</Button>}
          </div>
        </div>
      ) : (
        <Loading />
      )}
      <Dialog open={isEnrolling} title={t('factor.enrol')} footer={null} mask={{ closable: false }} onCancel={close} destroyOnHidden>
        <Enrol whenDone={close} />
      </Dialog>
      <Dialog open={codes !== null} title={t('factor.recovery_title')} footer={null} closable={false} keyboard={false}>
        {codes && <RecoveryCodes codes={codes} done={close} />}
      </Dialog>
    </Panel>
  )
}

function Sessions() {
  const { t } = useSpeech()
  const { portal } = useSignIn()
  const say = usePrevious()
  const { message } = App.useApp()
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['own_session'],
    queryFn: () => ask(api.GET('/api/v1/staff/sessions')),
  })
  const end = async ({ session_id: staff_session_id }: Listed) => {
    try {
      await ask(api.DELETE('/api/v1/staff/sessions/{staff_session_id}', { params: { path: { staff_session_id } } }))
      await refetch()
    } catch (refused) {
      message.error(said(refused))
    }
  }
  return (
    <Panel title={t('security.sessions')}>
      {portal?.previous && <p>{say(portal.previous)}</p>}
      {error && <Failure error={error} retry={() => void refetch()} />}
      <SessionTable sessions={data?.data ?? []} isLoading={isFetching} end={(one) => void end(one)} />
    </Panel>
  )
}
