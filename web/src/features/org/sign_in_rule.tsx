// From where the accounts of an organisation are used, and whether in one place at a time.

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Form, Input, Radio } from 'antd'
import { useState } from 'react'
import { api, ask, Refused, type Schemas } from '../../api/client'
import { useHolds } from '../../app/session'
import { useSpeech } from '../../i18n'
import { FormDialog } from '../../parts/form_dialog'
import { momentText } from '../../parts/moment'
import { Facts, Panel } from '../../parts/page'
import { Failure, Loading } from '../../parts/states'
import { networksOf, ofList } from './networks'

type Rule = Schemas['SignInRuleView']

export function SignInRule({ org_id }: { org_id: string }) {
  const { t } = useSpeech()
  const holds = useHolds()
  const [isSetting, setSetting] = useState(false)
  const { data, error, refetch } = useQuery({
    queryKey: ['sign_in_rule', org_id],
    queryFn: () => ask(api.GET('/api/v1/orgs/{org_id}/sign-in-rule', { params: { path: { org_id } } })),
  })
  const set = holds('sign_in_rule.set') && data && <Button onClick={() => setSetting(true)}>{t('sign_in_rule.set')}</Button>
  return (
    <Panel title={t('sign_in_rule.title')} extra={set}>
      {error && <Failure error={error} retry={() => void refetch()} />}
      {!data && !error && <Loading />}
      {data && (
        <Facts
          facts={[
            { label: t('sign_in_rule.networks'), value: <Networks networks={data.networks} />, isWide: true },
            { label: t('sign_in_rule.concurrency'), value: t(`sign_in_rule.${data.concurrency}`) },
            data.changed_at ? { label: t('sign_in_rule.changed'), value: momentText(data.changed_at) } : null,
          ]}
        />
      )}
      {isSetting && data && <Set rule={data} close={() => setSetting(false)} />}
    </Panel>
  )
}

function Networks({ networks }: { networks: string[] }) {
  const { t } = useSpeech()
  if (networks.length === 0) return t('sign_in_rule.anywhere')
  return networks.map((one) => (
    <div key={one}>
      <code>{one}</code>
    </div>
  ))
}

interface Wish {
  networks: string
  concurrency: Rule['concurrency']
}

function Set({ rule, close }: { rule: Rule; close: () => void }) {
  const { t } = useSpeech()
  const client = useQueryClient()
  const { org_id, own_address } = rule
  const submit = async ({ networks: text, concurrency }: Wish) => {
    const networks = networksOf(text)
    const params = { path: { org_id }, header: { 'If-Match': `"${rule.version}"` } }
    const set = ask(api.POST('/api/v1/orgs/{org_id}/sign-in-rule', { params, body: { networks, concurrency } }))
    await set.catch((refused: unknown) => {
      if (!(refused instanceof Refused)) throw refused
      throw new Refused({ ...refused.problem, errors: ofList(refused.problem.errors ?? [], networks) })
    })
    await client.invalidateQueries({ queryKey: ['sign_in_rule', org_id] })
  }
  return (
    <FormDialog<Wish>
      title={t('sign_in_rule.set')}
      initial={{ networks: rule.networks.join('\n'), concurrency: rule.concurrency }}
      submit={submit}
      close={close}
    >
      <Form.Item
        name="networks"
        label={t('sign_in_rule.networks')}
        extra={
          <>
            {t('sign_in_rule.networks_hint')}
            {own_address && <> {t('sign_in_rule.own_address', { address: own_address })}</>}
          </>
        }
      >
        <Input.TextArea rows={6} autoFocus spellCheck={false} />
      </Form.Item>
      <Form.Item name="concurrency" label={t('sign_in_rule.concurrency')}>
        <Radio.Group
          options={[
            { value: 'many', label: t('sign_in_rule.many') },
            { value: 'single', label: t('sign_in_rule.single') },
          ]}
        />
      </Form.Item>
    </FormDialog>
  )
}
