// What the party of whoever is signed in was told.

import { useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { Link } from 'react-router'
import { useSpeech } from '../../i18n'
import { said } from '../../parts/attempt'
import type { Bulk } from '../../parts/bulk_bar'
import { momentText } from '../../parts/moment'
import { When } from '../../parts/when'
import { Page } from '../../parts/page'
import { type Column, type Filter, SearchTable } from '../../parts/search_table'
import { StatusTag } from '../../parts/status_tag'
import { ChannelLink } from './refer'
import { useUnread } from './waiting'
import { fetchMessages, type Message, readMessage, readMessages } from './wire'

const CATEGORIES: Message['category'][] = ['access', 'running', 'security', 'exit', 'platform']

const stateOf = (one: Message) => (one.read_at ? 'read' : 'unread')

export function Component() {
  const { t, name, language } = useSpeech()
  const { message: toast } = App.useApp()
  const client = useQueryClient()
  const words = (one: Message) => (language === 'en' ? one.en : one.zh)
  const unread = useUnread()
  const note = async (read: () => Promise<unknown>) => {
    try {
      await read()
      await client.invalidateQueries({ queryKey: ['message'] })
    } catch (refused) {
      toast.error(said(refused))
    }
  }
  const bulk: Bulk<Message> = {
    called: words,
    acts: [
      {
        key: 'read',
        label: t('message.read'),
        bars: (one) => (one.read_at ? t('bulk.is_read') : null),
        act: async (one) => {
          await readMessage(one.message_id)
          return undefined
        },
        after: () => client.invalidateQueries({ queryKey: ['message'] }),
      },
    ],
  }
  const columns: Column<Message>[] = [
    { key: 'at', title: t('message.at'), render: (one) => <When at={one.at} />, text: (one) => momentText(one.at), isMoment: true, width: '14rem' },
    {
      key: 'category',
      title: t('notification.category'),
      render: (one) => name('message_category', one.category),
      text: (one) => name('message_category', one.category),
    },
    {
      key: 'words',
      title: t('message.words'),
      width: '18rem',
      render: words,
      text: words,
    },
    {
      key: 'matter',
      title: t('message.matter'),
      width: '12rem',
      render: (one) => (one.matter_id && one.matter_title ? <Link to={`/matters/${one.matter_id}`}>{one.matter_title}</Link> : <span className="quiet">—</span>),
      text: (one) => one.matter_title ?? '',
    },
    {
      key: 'channel',
      title: t('matter.channel'),
      width: '8rem',
      render: (one) => <ChannelLink matter={one} />,
      text: (one) => one.channel_name ?? '',
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
          <Button size="small" onClick={() => void note(() => readMessage(one.message_id))}>
            {t('message.read')}
          </Button>
        ),
    },
  ]
  const filters: Filter<Message>[] = [
    { key: 'q', label: t('list.search'), admits: (one, q) => `${words(one)} ${one.matter_title ?? ''} ${one.channel_name ?? ''}`.includes(q) },
    {
      key: 'category',
      label: t('notification.category'),
      options: CATEGORIES.map((category) => ({ value: category, label: name('message_category', category) })),
    },
    {
      key: 'state',
      label: t('list.state'),
      options: ['unread', 'read'].map((state) => ({ value: state, label: name('message_state', state) })),
      admits: (one, state) => stateOf(one) === state,
    },
  ]
  return (
    <Page
      title={t('nav.messages')}
      lead={t('message.lead')}
      actions={
        <Button disabled={unread === 0} onClick={() => void note(readMessages)}>
          {t('message.read_all')}
        </Button>
      }
    >
      <SearchTable
        title={t('nav.messages')}
        noun="message"
        rowKey={(one) => one.message_id}
        columns={columns}
        filters={filters}
        fetch={fetchMessages}
        bulk={bulk}
      />
    </Page>
  )
}
