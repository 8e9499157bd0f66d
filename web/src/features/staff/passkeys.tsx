// The own passkeys: which there are, one more, one less; or at which address they would be.

import { useQueryClient } from '@tanstack/react-query'
import { Alert, App, Button } from 'antd'
import { useState } from 'react'
import { api, ask, type Schemas } from '../../api/client'
import { useSignIn } from '../../app/session'
import { useSpeech } from '../../i18n'
import { said } from '../../parts/attempt'
import { Dialog } from '../../parts/dialog'
import { momentText } from '../../parts/moment'
import { Panel } from '../../parts/page'
import { fits } from '../../parts/passkey'
import { ShortTable } from '../../parts/short_table'
import { Failure, Loading } from '../../parts/states'
import { AddPasskey } from './add_passkey'
import { useOwnPasskeys } from './own_passkeys'

type Passkey = Schemas['PasskeyView']

export function PasskeyPanel() {
  const { t } = useSpeech()
  const client = useQueryClient()
  const { refresh } = useSignIn()
  const { message, modal } = App.useApp()
  const [isAdding, setAdding] = useState(false)
  const { data, error, refetch } = useOwnPasskeys()
  const again = () => Promise.all([client.invalidateQueries({ queryKey: ['passkey'] }), client.invalidateQueries({ queryKey: ['factor'] })])
  const close = () => {
    setAdding(false)
    void again()
  }
  const remove = async ({ passkey_id }: Passkey) => {
    try {
      await ask(api.DELETE('/api/v1/staff/passkeys/{passkey_id}', { params: { path: { passkey_id } } }))
      await Promise.all([again(), refresh()])
    } catch (refused) {
      message.error(said(refused))
    }
  }
  const confirm = (one: Passkey) =>
    modal.confirm({
      title: t('passkey.remove_which', { name: one.name }),
      content: t('passkey.remove_lead'),
      okText: t('passkey.remove'),
      okButtonProps: { danger: true },
      cancelText: t('action.cancel'),
      onOk: () => void remove(one),
    })
  if (!data) return <Panel title={t('passkey.title')}>{error ? <Failure error={error} retry={() => void refetch()} /> : <Loading />}</Panel>
  const isHere = fits(data.origin)
  return (
    <Panel title={t('passkey.title')}>
      <div className="panels">
        <p>{t('passkey.lead')}</p>
        {!isHere && <Elsewhere origin={data.origin} />}
        {data.data.length > 0 && <PasskeyTable passkeys={data.data} remove={confirm} />}
        {isHere && (
          <div className="action-bar">
            <Button disabled={data.data.length >= data.most} onClick={() => setAdding(true)}>
              {t('passkey.add')}
            </Button>
          </div>
        )}
      </div>
      <Dialog open={isAdding} title={t('passkey.add')} footer={null} mask={{ closable: false }} onCancel={close} destroyOnHidden>
        <AddPasskey whenDone={close} />
      </Dialog>
    </Panel>
  )
}

/** Why there are no passkeys at this address, and at which there are. */
function Elsewhere({ origin }: { origin?: string | null }) {
  const { t } = useSpeech()
  if (origin === location.origin) return <Alert type="info" showIcon title={t('passkey.no_browser')} />
  if (!origin) return <Alert type="info" showIcon title={t('passkey.no_name')} />
  const address = `${origin}${location.pathname}`
  return <Alert type="info" showIcon title={t('passkey.elsewhere')} description={<a href={address}>{address}</a>} />
}

function PasskeyTable({ passkeys, remove }: { passkeys: Passkey[]; remove: (one: Passkey) => void }) {
  const { t } = useSpeech()
  return (
    <ShortTable<Passkey>
      rowKey="passkey_id"
      dataSource={passkeys}
      columns={[
        { title: t('passkey.name'), dataIndex: 'name', key: 'name' },
        { title: t('passkey.created'), key: 'created', render: (_, one) => momentText(one.created_at) },
        { title: t('passkey.used'), key: 'used', render: (_, one) => (one.used_at ? momentText(one.used_at) : t('passkey.unused')) },
        {
          title: t('list.act'),
          key: 'act',
          render: (_, one) => (
            <Button size="small" danger onClick={() => remove(one)}>
              {t('passkey.remove')}
            </Button>
          ),
        },
      ]}
    />
  )
}
