// 单位登记信息: who represents a company and since when it has been registered. Whoever applies states it once; whoever reviews
// reads it beside the application.

import { useQueryClient } from '@tanstack/react-query'
import { Alert, Button } from 'antd'
import { useState } from 'react'
import { api, ask } from '../../api/client'
import { useSpeech } from '../../i18n'
import { Clause } from '../../parts/clause'
import { FormDialog } from '../../parts/form_dialog'
import { momentText } from '../../parts/moment'
import { Facts, Panel } from '../../parts/page'
import { useCompanyFacts } from './company_facts'
import { CompanyItems } from './company_items'
import { COMPANY_KEY, type Company, useCompany, useCompanyOf } from './company'

/** What the own organisation stated, above its application; it is asked for where it has not. */
export function OwnCompany() {
  const { t } = useSpeech()
  const { data } = useCompany()
  const facts = useCompanyFacts()
  const [isOpen, setOpen] = useState(false)
  if (!data) return null
  const isStated = Boolean(data.registered_on)
  const state = (
    <Button size={isStated ? 'small' : 'middle'} type={isStated ? 'default' : 'primary'} onClick={() => setOpen(true)}>
      {t('company.change')}
    </Button>
  )
  return (
    <Panel title={t('company.title')} extra={isStated && state}>
      {isStated ? <Facts facts={facts(data)} /> : <Alert type="info" showIcon title={t('company.ask')} action={state} />}
      {isOpen && <StateDialog company={data} close={() => setOpen(false)} />}
    </Panel>
  )
}

function StateDialog({ company: { version, legal_representative, registered_on }, close }: { company: Company; close: () => void }) {
  const { t } = useSpeech()
  const client = useQueryClient()
  const submit = async (body: { legal_representative: string; registered_on: string }) => {
    const after = await ask(api.POST('/api/v1/company', { params: { header: { 'If-Match': `"${version}"` } }, body }))
    client.setQueryData(COMPANY_KEY, after)
  }
  return (
    <FormDialog title={t('company.title')} initial={{ legal_representative: legal_representative ?? undefined, registered_on: registered_on ?? undefined }} submit={submit} close={close}>
      <CompanyItems />
    </FormDialog>
  )
}

/** What the organisation that applies stated, to whoever reviews; what its form says otherwise is pointed out. */
export function CompanyOfMatter({ matter_id, said }: { matter_id: string; said: string | undefined }) {
  const { t } = useSpeech()
  const { data } = useCompanyOf(matter_id)
  const facts = useCompanyFacts()
  if (!data) return null
  const differs = Boolean(said && data.registered_on && said !== data.registered_on)
  return (
    <Panel title={t('company.title')} extra={<Clause ids={said ? 'CH-F2.3' : 'CH-7.1'} />}>
      <Facts facts={[...facts(data), Boolean(data.stated_at) && { label: t('matter.changed'), value: momentText(data.stated_at ?? '') }]} />
      {differs && <Alert type="warning" showIcon className="gap-above" title={t('company.differs', { said: said ?? '', stated: data.registered_on ?? '' })} />}
    </Panel>
  )
}
