// What the party of whoever is signed in was told.

import { useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { Link } from 'react-router'
import { useSpeech } from '../../i18n'
import { momentText } from '../../parts/moment'
import { Page } from '../../parts/page'
import { type Column, type Filter, SearchTable } from '../../parts/search_table'
import { StatusTag } from '../../parts/status_tag'
import { fetchMessages, type Message, readMessage } from './wire'

const stateOf = (one: Message) => (one.read_at ? 'read' : 'unread')

export function Component() {
  const { t, name, language } = useSpeech()
  const { message: toast } = App.useApp()
  const client = useQueryClient()
  const words = (one: Message) => (language === 'en' ? one.en : one.zh)
  const read = async (one: Message) => {
    try {
      await readMessage(one.message_id)
      await client.invalidateQueries({ queryKey: ['message'] })
    } catch (refused) {
      toast.error(refused instanceof Error ? refused.message : String(refused))
    }
  }
  const columns: Column<Message>[] = [
    { key: 'at', title: t('message.at'), render: (one) => momentText(one.at), text: (one) => momentText(one.at), width: '10rem' },
    {
      key: 'words',
      title: t('message.words'),
      render: (one) => (one.matter_id ? <Link to={`/matters/${one.matter_id}`}>{words(one)}</Link> : words(one)),
      text: words,
    },
    {
      key: 'state',
      title: t('list.state'),
      render: (one) => <StatusTag family="message_state" state={stateOf(one)} tone={one.read_at ? 'calm' : 'note'} />,
      text: (one) => name('message_state', stateOf(one)),
    },
    {
      key: 'act',
      title: t('list.act'),
      render: (one) =>
        one.read_at ? null : (
          <Button size="small" onClick={() => void read(one)}>
            {t('message.read')}
          </Button>
        ),
    },
  ]
  const filters: Filter<Message>[] = [
    { key: 'q', label: t('list.search'), admits: (one, q) => words(one).includes(q) },
    {
      key: 'state',
      label: t('list.state'),
      options: ['unread', 'read'].map((state) => ({ value: state, label: name('message_state', state) })),
      admits: (one, state) => stateOf(one) === state,
    },
  ]
  return (
    <Page title={t('nav.messages')} lead={t('message.lead')}>
      <SearchTable
        title={t('nav.messages')}
        noun="message"
        rowKey={(one) => one.message_id}
        columns={columns}
        filters={filters}
        fetch={fetchMessages}
      />
    </Page>
  )
}
