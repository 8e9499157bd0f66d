// The table of administrative divisions in its edition, to be looked up by code or name.

import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api, ask, type Schemas } from '../../api/client'
import { useDivisions } from '../../app/divisions'
import { useSpeech } from '../../i18n'
import { between } from '../../i18n/between'
import { Loaded } from '../../parts/loaded'
import { LookUp, useSought } from '../../parts/look_up'
import { Facts, Page, Panel } from '../../parts/page'
import { ShortTable } from '../../parts/short_table'
import { formerLike, like, levelOf } from './like'

export function Component() {
  const { t } = useSpeech()
  const found = useQuery({ queryKey: ['divisions'], queryFn: () => ask(api.GET('/api/v1/divisions')), staleTime: Infinity })
  return (
    <Loaded title={t('nav.divisions')} query={found}>
      {(divisions) => <Table divisions={divisions} />}
    </Loaded>
  )
}

function Table({ divisions }: { divisions: Schemas['Divisions'] }) {
  const { t, name, language } = useSpeech()
  const whole = useDivisions().name
  const sought = useSought()
  const rows = useMemo(() => like(divisions.data, sought, whole), [divisions, sought, whole])
  const former = useMemo(() => formerLike(divisions.former, sought, whole), [divisions, sought, whole])
  return (
    <Page title={t('nav.divisions')} lead={t('division.lead')}>
      <div className="panels">
        <Panel title={t('division.edition')}>
          <Facts
            facts={[
              { label: t('division.edition'), value: <code>{divisions.revision}</code> },
              { label: t('division.count'), value: String(divisions.data.length) },
            ]}
          />
          <p className="quiet gap-above">{t('division.corps')}</p>
        </Panel>
        <Panel title={t('nav.divisions')}>
          <LookUp id="division-search" label={t('division.search')} />
          <p className="quiet gap-below" role="status">
            {t('division.found', { n: rows.length })}
          </p>
          <section className="list" aria-label={t('nav.divisions')}>
            <ShortTable
              label={t('nav.divisions')}
              rowKey={(one) => one.code}
              dataSource={rows}
              columns={[
                { title: t('division.code'), key: 'code', render: (_, one) => <code>{one.code}</code> },
                { title: t('division.name'), key: 'name', render: (_, one) => whole(one.code) },
                { title: t('division.level'), key: 'level', render: (_, one) => name('division_level', levelOf(one.code)) },
                { title: t('division.began'), key: 'began', render: (_, one) => one.began ?? '' },
              ]}
            />
          </section>
        </Panel>
        <Panel title={t('division.ended_ones')}>
          <p className="quiet gap-below">{t('division.abolished')}</p>
          <ShortTable
            label={t('division.ended_ones')}
            rowKey={(one) => one.code}
            dataSource={former}
            empty={t('division.none_ended')}
            columns={[
              { title: t('division.code'), key: 'code', render: (_, one) => <code>{one.code}</code> },
              { title: t('division.name'), key: 'name', render: (_, one) => one.name },
              { title: t('division.ended'), key: 'ended', render: (_, one) => one.ended },
              { title: t('division.successors'), key: 'successors', render: (_, one) => one.successors.map(whole).join(between(language)) },
            ]}
          />
        </Panel>
      </div>
    </Page>
  )
}
