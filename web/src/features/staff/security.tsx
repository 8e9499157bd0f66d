// What an account does about itself: its second factor and its sessions.

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Table, Tag } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { api, ask, type Schemas } from '../../api/client'
import { useSpeech } from '../../i18n'
import { Dialog } from '../../parts/dialog'
import { momentText } from '../../parts/moment'
import { Facts, Page, Panel } from '../../parts/page'
import { Failure, Loading, Nothing } from '../../parts/states'
import { Enrol, RecoveryCodes } from './enrol'

type Listed = Schemas['ListedStaffSession']

export function Component() {
  const { t } = useSpeech()
  return (
    <Page title={t('security.title')} lead={t('security.lead')} actions={<Link to="/password">{t('account.password')}</Link>}>
      <div className="panels">
        <Factor />
        <Sessions />
      </div>
    </Page>
  )
}

function Factor() {
  const { t } = useSpeech()
  const { message } = App.useApp()
  const client = useQueryClient()
  const [isEnrolling, setEnrolling] = useState(false)
  const [codes, setCodes] = useState<string[] | null>(null)
  const { data, error, refetch } = useQuery({ queryKey: ['factor'], queryFn: () => ask(api.GET('/api/v1/staff/factor')) })
  const renew = async () => {
    try {
      setCodes((await ask(api.POST('/api/v1/staff/factor/recovery-codes'))).recovery_codes)
    } catch (refused) {
      message.error(refused instanceof Error ? refused.message : String(refused))
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
              data.enrolled_at ? { label: t('factor.codes_left'), value: data.recovery_codes } : null,
              { label: t('factor.is_compulsory'), value: data.is_compulsory ? t('yes') : t('no') },
            ]}
          />
          <div className="action-bar">
            <Button type={data.enrolled_at ? 'default' : 'primary'} onClick={() => setEnrolling(true)}>
              {t(data.enrolled_at ? 'factor.replace' : 'factor.enrol')}
            </Button>
            {data.enrolled_at && <Button onClick={() => void renew()}>{t('factor.renew')}</Button>}
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
  const { t, name } = useSpeech()
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
      message.error(refused instanceof Error ? refused.message : String(refused))
    }
  }
  return (
    <Panel title={t('security.sessions')}>
      {error && <Failure error={error} retry={() => void refetch()} />}
      <Table<Listed>
        size="small"
        rowKey="session_id"
        dataSource={data?.data ?? []}
        loading={isFetching}
        pagination={false}
        scroll={{ x: 'max-content' }}
        locale={{ emptyText: <Nothing /> }}
        columns={[
          {
            title: t('security.carrier'),
            key: 'carrier',
            render: (_, one) => (
              <>
                {name('carrier', one.carrier)}{' '}
                {one.is_current && (
                  <Tag className="tone-good" variant="filled">
                    {t('security.current')}
                  </Tag>
                )}
              </>
            ),
          },
          { title: t('security.created'), key: 'created', render: (_, one) => momentText(one.created_at) },
          { title: t('security.seen'), key: 'seen', render: (_, one) => momentText(one.seen_at) },
          { title: t('security.expires'), key: 'expires', render: (_, one) => momentText(one.expires_at) },
          {
            title: t('list.act'),
            key: 'act',
            render: (_, one) =>
              one.is_current ? null : (
                <Button size="small" danger onClick={() => void end(one)}>
                  {t('security.end')}
                </Button>
              ),
          },
        ]}
      />
    </Panel>
  )
}
