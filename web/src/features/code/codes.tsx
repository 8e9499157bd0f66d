// Which code means what: for whoever reads an answer of the interface, an exported file or a record.

import { useSpeech } from '../../i18n'
import { LookUp, useSought } from '../../parts/look_up'
import { Page, Panel } from '../../parts/page'
import { ShortTable } from '../../parts/short_table'
import { Nothing } from '../../parts/states'
import { type CodeList, seek } from './lists'

export function Component() {
  const { t, name } = useSpeech()
  const sought = useSought()
  const lists = seek(sought, (family) => t(`code.of.${family}`), name)
  return (
    <Page title={t('nav.codes')} lead={t('code.lead')}>
      <div className="panels">
        <Panel title={t('code.search')}>
          <LookUp id="code-search" label={t('code.sought')} />
          <p className="quiet" role="status">
            {t('code.found', { n: lists.reduce((sum, list) => sum + list.codes.length, 0) })}
          </p>
        </Panel>
        {lists.length === 0 && <Nothing text={t('code.none')} />}
        <div className="short-lists">
          {lists.map((list) => (
            <List key={list.family} list={list} />
          ))}
        </div>
        <Panel title={t('code.elsewhere')}>
          <ul>
            <li>
              <a href="/docs/reference/workflows">{t('code.states')}</a>
            </li>
            <li>
              <a href="/docs/reference/errors">{t('code.errors')}</a>
            </li>
          </ul>
        </Panel>
      </div>
    </Page>
  )
}

function List({ list }: { list: CodeList }) {
  const { t, name } = useSpeech()
  const title = t(`code.of.${list.family}`)
  return (
    <Panel title={list.clause ? t('code.by', { title, clause: list.clause }) : title}>
      <ShortTable
        label={title}
        rowKey={(one) => one.code}
        dataSource={list.codes.map((code) => ({ code }))}
        columns={[
          { title: t('code.code'), key: 'code', width: '45%', render: (_, { code }) => <code>{code}</code> },
          { title: t('code.name'), key: 'name', render: (_, { code }) => name(list.family, code) },
        ]}
      />
    </Panel>
  )
}
