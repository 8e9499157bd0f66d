import type { Schemas } from '../../api/client'
import { useSpeech } from '../../i18n'
import { Page } from '../../parts/page'
import { ShortTable } from '../../parts/short_table'
import { Failure } from '../../parts/states'
import { KeepForm } from '../service_form/keep'
import { contentOf } from '../service_form/wire'
import { useServices } from './services'

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
            {
              title: t('service_form.form'),
              key: 'form',
              render: (_, { form }) =>
                form ? (
                  <a href={contentOf(form.service_form_id)} title={form.file_name}>
                    {t('service_form.since', { n: form.number, on: form.from_on })}
                  </a>
                ) : (
                  <span className="quiet">—</span>
                ),
            },
            { title: t('list.act'), key: 'act', render: (_, one) => <KeepForm service={one} label={language === 'en' ? one.name_en : one.name} /> },
          ]}
        />
      </section>
    </Page>
  )
}
