import { useQuery } from '@tanstack/react-query'
import { api, ask, type Schemas } from '../../api/client'
import { useSpeech } from '../../i18n'
import { Page } from '../../parts/page'
import { ShortTable } from '../../parts/short_table'
import { Failure } from '../../parts/states'

type Service = Schemas['ServiceView']

/** The catalogue, on one page. */
export function Component() {
  const { t, name, language } = useSpeech()
  const { data, error, isFetching, refetch } = useServices()
  return (
    <Page title={t('nav.services')} lead={t('service.lead')}>
      <section className="list" aria-label={t('nav.services')}>
        {error && <Failure error={error} retry={() => void refetch()} />}
        <ShortTable<Service>
          label={t('nav.services')}
          size="middle"
          rowKey="code"
          dataSource={data?.data ?? []}
          loading={isFetching}
          columns={[
            { title: t('service.name'), key: 'name', render: (_, one) => (language === 'en' ? one.name_en : one.name) },
            { title: t('service.code'), key: 'code', render: (_, one) => <code>{one.code}</code> },
            { title: t('service.family'), key: 'family', render: (_, one) => name('family', one.family) },
            { title: t('service.consent'), key: 'consent', render: (_, one) => name('consent', one.consent) },
            { title: t('service.level'), key: 'level', className: 'number', render: (_, one) => one.sign_level },
            { title: t('service.standard'), key: 'standard', render: (_, one) => (one.standard ? t('yes') : t('no')) },
          ]}
        />
      </section>
    </Page>
  )
}

export function useServices() {
  return useQuery({ queryKey: ['service', 'all'], queryFn: () => ask(api.GET('/api/v1/services')), staleTime: 300_000 })
}

/** What a service is called; its code when it is unknown here. */
export function useServiceName(): (code: string) => string {
  const { language } = useSpeech()
  const services = useServices().data?.data ?? []
  return (code) => {
    const found = services.find((one) => one.code === code)
    return (language === 'en' ? found?.name_en : found?.name) ?? code
  }
}
