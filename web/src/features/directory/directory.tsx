// 授权渠道名录 (ND-3.5b): what everybody may read without signing in.

import { DownloadOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useSearchParams } from 'react-router'
import { api, ask, type Schemas } from '../../api/client'
import { NATION, useDivisions } from '../../app/divisions'
import { PublicFrame } from '../../app/public_frame'
import { worldPath } from '../../app/world'
import { useSpeech } from '../../i18n'
import { between } from '../../i18n/between'
import { DivisionSelect } from '../../parts/choose'
import { Page } from '../../parts/page'
import { ShortTable } from '../../parts/short_table'
import { Failure } from '../../parts/states'
import { walk } from '../../parts/walk'

type Entry = Schemas['DirectoryEntry']

/** Most channels that are shown at once. */
const MOST = 2000

export function Component() {
  return (
    <PublicFrame>
      <List />
    </PublicFrame>
  )
}

function List() {
  const { t, name, language } = useSpeech()
  const divisions = useDivisions()
  const [params, setParams] = useSearchParams()
  const division = params.get('division') ?? NATION
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['directory', division],
    queryFn: () => {
      const fetch = ({ cursor }: { cursor?: string }) =>
        ask(api.GET('/api/v1/directory', { params: { query: { division, limit: 200, cursor } } }))
      return walk<Entry>({ fetch, filters: [], values: {} }, { from: undefined, want: MOST })
    },
  })
  const file = (ending: string) => `${worldPath}/api/v1/directory${ending}${division === NATION ? '' : `?division=${division}`}`
  const rows = data?.rows ?? []
  return (
    <Page
      title={t('directory.title')}
      lead={t('directory.lead')}
      actions={
        <>
          <Button icon={<DownloadOutlined aria-hidden />} href={file('.csv')}>
            {t('directory.file')}
          </Button>
          <Button icon={<DownloadOutlined aria-hidden />} href={file('.pdf')}>
            {t('directory.paper')}
          </Button>
          <Button href={file('.html')} target="_blank">
            {t('directory.page')}
          </Button>
          <Button href={file('')} target="_blank">
            {t('directory.json')}
          </Button>
        </>
      }
    >
      <section className="list" aria-label={t('directory.title')}>
        <div className="list-filters" role="search" aria-label={t('list.filters')}>
          <label>
            {t('channel.regions')}
            <DivisionSelect
              aria-label={t('channel.regions')}
              value={division}
              onChange={(code: string) => setParams(code === NATION ? {} : { division: code })}
            />
          </label>
          <p className="quiet" aria-live="polite">
            {data && t(data.next === undefined ? 'directory.count' : 'directory.cut', { n: rows.length })}
          </p>
        </div>
        {error && <Failure error={error} retry={() => void refetch()} />}
        <ShortTable<Entry>
          label={t('directory.title')}
          size="middle"
          rowKey="number"
          dataSource={rows}
          loading={isFetching}
          empty={t('directory.empty')}
          columns={[
            { title: t('channel.name'), key: 'name', render: (_, one) => <strong>{one.name}</strong> },
            { title: t('channel.owner'), key: 'owner', render: (_, one) => one.owner_name },
            { title: t('channel.class'), key: 'class', render: (_, one) => name('class', one.class) },
            { title: t('channel.form'), key: 'form', render: (_, one) => one.form_name ?? name('form', one.form) },
            { title: t('channel.regions'), key: 'regions', render: (_, one) => one.regions.map(divisions.name).join(between(language)) },
            { title: t('channel.number'), key: 'number', render: (_, one) => <code>{one.number}</code> },
          ]}
        />
      </section>
    </Page>
  )
}
