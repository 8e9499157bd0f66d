// The public keys of a channel or terminal. The secret halves never come here.

import { useQueryClient } from '@tanstack/react-query'
import { Button, Form, Input, Select } from 'antd'
import { useState } from 'react'
import { api, ask, type Schemas } from '../../api/client'
import { useHolds } from '../../app/session'
import { isSandbox } from '../../app/world'
import { useSpeech } from '../../i18n'
import { FormDialog } from '../../parts/form_dialog'
import { momentText } from '../../parts/moment'
import { ReasonDialog } from '../../parts/reason_dialog'
import { ShortTable } from '../../parts/short_table'
import { StatusTag } from '../../parts/status_tag'
import { StillUsed, useKeyColumns, useKeyTraffic } from '../traffic/key_traffic'
import { KeyChange } from './key_change'
import { Rotations } from './rotation'

type KeyView = Schemas['KeyView']

interface Owner {
  kind: 'channel' | 'terminal'
  id: string
  /** A channel between its formal access and its end, which may be given keys (CH-9.3f). */
  mayChange?: boolean
}

export function Keys({ owner, keys }: { owner: Owner; keys: KeyView[] }) {
  const { t, name, about } = useSpeech()
  const mayRotate = useHolds()('channel.rotate_key')
  // In production a channel's key comes by a matter, from its owner.
  const mayAdd = mayRotate && (isSandbox || owner.kind === 'terminal')
  const client = useQueryClient()
  const [isNew, setNew] = useState(false)
  const [revoking, setRevoking] = useState<KeyView | null>(null)
  const traffic = useKeyTraffic(owner.kind === 'channel' ? owner.id : undefined)
  const calls = useKeyColumns(traffic)
  const refresh = () => client.invalidateQueries({ queryKey: [owner.kind] })
  const add = async (body: Schemas['AddKey']) => {
    await ask(
      owner.kind === 'channel'
        ? api.POST('/api/v1/channels/{channel_id}/keys', { params: { path: { channel_id: owner.id } }, body })
        : api.POST('/api/v1/terminals/{terminal_id}/keys', { params: { path: { terminal_id: owner.id } }, body }),
    )
    await refresh()
  }
  const revoke = async (key: KeyView, reason: string) => {
    await ask(api.POST('/api/v1/keys/{key_id}/revoke', { params: { path: { key_id: key.key_id } }, body: { reason } }))
    await refresh()
  }
  return (
    <>
      {owner.kind === 'channel' && <Rotations channel_id={owner.id} />}
      <ShortTable<KeyView>
        rowKey="key_id"
        dataSource={keys}
        empty={t('key.none')}
        columns={[
          { title: t('key.id'), key: 'id', render: (_, key) => <code>{key.key_id}</code> },
          { title: t('key.label'), key: 'label', render: (_, key) => key.label ?? '—' },
          { title: t('key.usage'), key: 'usage', render: (_, key) => name('key_usage', key.usage) },
          { title: t('list.state'), key: 'state', render: (_, key) => <StatusTag family="key_state" state={key.state} /> },
          { title: t('key.fingerprint'), key: 'fingerprint', render: (_, key) => <code>{grouped(key.fingerprint)}</code> },
          { title: t('key.since'), key: 'since', render: (_, key) => momentText(key.created_at) },
          { title: t('key.retires'), key: 'retires', render: (_, key) => momentText(key.retires_at) },
          { title: t('key.revoked'), key: 'revoked', render: (_, key) => momentText(key.revoked_at) },
          ...calls,
          ...(mayRotate
            ? [
                {
                  title: t('list.act'),
                  key: 'act',
                  render: (_: unknown, key: KeyView) =>
                    key.state === 'active' || key.state === 'retiring' ? (
                      <Button size="small" danger onClick={() => setRevoking(key)}>
                        {t('key.revoke')}
                      </Button>
                    ) : null,
                },
              ]
            : []),
        ]}
      />
      <StillUsed keys={keys} traffic={traffic} />
      {owner.kind === 'channel' && <KeyChange channel_id={owner.id} mayBegin={owner.mayChange === true} />}
      {mayAdd && (
        <p className="gap-above">
          <Button onClick={() => setNew(true)}>{t('key.add')}</Button>
        </p>
      )}
      {isNew && <Add submit={add} close={() => setNew(false)} />}
      {revoking && (
        <ReasonDialog
          title={about(t('key.revoke'), revoking.key_id)}
          act={(reason) => revoke(revoking, reason)}
          close={() => setRevoking(null)}
        />
      )}
    </>
  )
}

/** Four characters at a time, to be compared by eye or read aloud. */
export function grouped(fingerprint: string): string {
  return fingerprint.replaceAll(/(.{4})(?=.)/g, '$1 ')
}

function Add({ submit, close }: { submit: (body: Schemas['AddKey']) => Promise<void>; close: () => void }) {
  const { t, name } = useSpeech()
  const usages: Schemas['KeyUsage'][] = ['sign', 'encrypt']
  return (
    <FormDialog<Schemas['AddKey']> title={t('key.add')} initial={{ usage: 'sign' }} submit={submit} close={close}>
      <Form.Item name="usage" label={t('key.usage')}>
        <Select options={usages.map((usage) => ({ value: usage, label: name('key_usage', usage) }))} />
      </Form.Item>
      <Form.Item
        name="public_key"
        label={t('key.public')}
        extra={t('key.public_hint')}
        normalize={(text: string) => text.replaceAll(/\s/g, '').toLowerCase()}
        rules={[{ required: true, pattern: /^(04[0-9a-f]{128}|0[23][0-9a-f]{64})$/, message: t('key.public_shape') }]}
      >
        <Input.TextArea rows={3} maxLength={140} spellCheck={false} />
      </Form.Item>
    </FormDialog>
  )
}
