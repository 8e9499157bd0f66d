import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Form, Select } from 'antd'
import { useState } from 'react'
import { api, ask, type Schemas } from '../../api/client'
import { useHolds } from '../../app/session'
import { useSpeech } from '../../i18n'
import { FormDialog } from '../../parts/form_dialog'
import { momentText } from '../../parts/moment'
import { Page } from '../../parts/page'
import { ShortTable } from '../../parts/short_table'
import { Failure } from '../../parts/states'
import { grouped } from './keys'

const USAGES = ['personal_data', 'code_mac', 'encrypt', 'sign']

export function Component() {
  const { t, name } = useSpeech()
  const holds = useHolds()
  const client = useQueryClient()
  const [isRotating, setRotating] = useState(false)
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['platform_key'],
    queryFn: () => ask(api.GET('/api/v1/keys')),
  })
  const rotate = async ({ usage }: { usage: string }) => {
    await ask(api.POST('/api/v1/keys/rotate', { body: { usage } }))
    await client.invalidateQueries({ queryKey: ['platform_key'] })
  }
  const action = holds('key.rotate') && (
    <Button danger onClick={() => setRotating(true)}>
      {t('platform_key.rotate')}
    </Button>
  )
  return (
    <Page title={t('nav.platform_keys')} lead={t('platform_key.lead')} actions={action}>
      <section className="list" aria-label={t('nav.platform_keys')}>
        {error && <Failure error={error} retry={() => void refetch()} />}
        <ShortTable<Schemas['PlatformKey']>
          size="middle"
          rowKey="key_id"
          dataSource={data?.data ?? []}
          loading={isFetching}
          columns={[
            { title: t('key.id'), key: 'id', render: (_, key) => <code>{key.key_id}</code> },
            { title: t('key.usage'), key: 'usage', render: (_, key) => name('key_usage', key.usage) },
            { title: t('key.algorithm'), key: 'algorithm', render: (_, key) => <code>{key.algorithm}</code> },
            { title: t('key.fingerprint'), key: 'fingerprint', render: (_, key) => <code>{grouped(key.fingerprint)}</code> },
            { title: t('key.since'), key: 'since', render: (_, key) => momentText(key.valid_from) },
          ]}
        />
      </section>
      {isRotating && (
        <FormDialog<{ usage: string }>
          title={t('platform_key.rotate')}
          submit={rotate}
          close={() => setRotating(false)}
        >
          <p className="gap-below">{t('platform_key.rotate_hint')}</p>
          <Form.Item name="usage" label={t('key.usage')} rules={[{ required: true, message: t('field.required') }]}>
            <Select options={USAGES.map((usage) => ({ value: usage, label: name('platform_usage', usage) }))} />
          </Form.Item>
        </FormDialog>
      )}
    </Page>
  )
}
