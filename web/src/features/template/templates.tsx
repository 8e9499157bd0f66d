// The words from which agreements are offered and notices sent: which there are, which version is in force, and what waits for a second person.

import { PlusOutlined } from '@ant-design/icons'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { api, ask } from '../../api/client'
import { useHolds } from '../../app/session'
import { useSpeech } from '../../i18n'
import { Clause } from '../../parts/clause'
import { momentText } from '../../parts/moment'
import { Page, Panel } from '../../parts/page'
import { ShortTable } from '../../parts/short_table'
import { Failure, Loading } from '../../parts/states'
import { StatusTag } from '../../parts/status_tag'
import { walk } from '../../parts/walk'
import { Editor, type Written } from './editor'
import { draftOf, inForce, type Template, TONES } from './wire'

/** Most that are listed; a system has some ten. */
const MOST = 1000

export function Component() {
  const { t, name } = useSpeech()
  const holds = useHolds()
  const navigate = useNavigate()
  const client = useQueryClient()
  const [isNew, setNew] = useState(false)
  const { data, error, refetch } = useQuery({
    queryKey: ['template', 'list'],
    queryFn: () =>
      walk<Template>(
        {
          fetch: ({ cursor }) => ask(api.GET('/api/v1/templates', { params: { query: { limit: 200, cursor } } })),
          filters: [],
          values: {},
        },
        { from: undefined, want: MOST },
      ),
  })
  const create = async ({ name: called = '', kind = 'agreement', topic, subject, text, words }: Written) => {
    const told = kind === 'notice' ? { topic, subject } : {}
    const made = await ask(api.POST('/api/v1/templates', { body: { name: called, kind, ...told, text, words } }))
    await client.invalidateQueries({ queryKey: ['template'] })
    void navigate(`/templates/${made.template_id}`)
  }
  const newest = ({ versions }: Template) => versions.at(-1)
  return (
    <Page
      title={t('nav.templates')}
      lead={t('template.lead')}
      actions={
        holds('template.write') && (
          <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => setNew(true)}>
            {t('template.create')}
          </Button>
        )
      }
    >
      <Panel title={t('nav.templates')} extra={<Clause ids="CH-9.3e CH-17.1 CH-25.1" />}>
        {error && <Failure error={error} retry={() => void refetch()} />}
        {!data && !error && <Loading />}
        {data && (
          <ShortTable<Template>
            label={t('nav.templates')}
            empty={t('template.none')}
            rowKey="template_id"
            dataSource={data.rows}
            columns={[
              {
                key: 'name',
                title: t('template.name'),
                render: (_, one) => <Link to={`/templates/${one.template_id}`}>{one.name}</Link>,
              },
              {
                key: 'kind',
                title: t('template.kind'),
                render: (_, one) => (
                  <>
                    {name('kind', one.kind)}
                    {one.topic && <span className="quiet"> · {name('word.topic', one.topic)}</span>}
                  </>
                ),
              },
              {
                key: 'in_force',
                title: t('template.in_force'),
                render: (_, one) => (inForce(one) ? t('template.number', { n: inForce(one)?.number ?? 0 }) : <span className="quiet">—</span>),
              },
              {
                key: 'draft',
                title: t('template.waiting'),
                render: (_, one) => (draftOf(one) ? <StatusTag family="template_state" state="draft" tone={TONES.draft} /> : <span className="quiet">—</span>),
              },
              { key: 'changed', title: t('template.changed'), render: (_, one) => momentText(newest(one)?.decided_at ?? newest(one)?.written_at) },
            ]}
          />
        )}
      </Panel>
      {isNew && <Editor title={t('template.create')} submit={create} close={() => setNew(false)} draft="template.new" />}
    </Page>
  )
}
