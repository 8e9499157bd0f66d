import { Link } from 'react-router'
import { api, ask, type Schemas } from '../../api/client'
import { useDivisions } from '../../app/divisions'
import { useSpeech } from '../../i18n'
import { between } from '../../i18n/between'
import { dayText } from '../../parts/moment'
import { Page } from '../../parts/page'
import { type Column, type Filter, SearchTable } from '../../parts/search_table'
import { StatusTag } from '../../parts/status_tag'

type Channel = Schemas['ChannelView']

const CLASSES: Schemas['ChannelClass'][] = ['hrss', 'government', 'national_signed', 'bank', 'medical', 'social']
const STATES = ['testing', 'live', 'partly_suspended', 'suspended', 'leaving', 'exited', 'terminated']

export function Component() {
  const { t, name, language } = useSpeech()
  const divisions = useDivisions()
  const regions = (one: Channel) => one.regions.map(divisions.name)
  const columns: Column<Channel>[] = [
    { key: 'number', title: t('channel.number'), render: (one) => <code>{one.number}</code>, text: (one) => one.number },
    {
      key: 'name',
      title: t('channel.name'),
      render: (one) => <Link to={`/channels/${one.channel_id}`}>{one.name}</Link>,
      text: (one) => one.name,
    },
    { key: 'owner', title: t('channel.owner'), render: (one) => one.owner.name, text: (one) => one.owner.name },
    { key: 'class', title: t('channel.class'), render: (one) => name('class', one.class), text: (one) => name('class', one.class) },
    { key: 'level', title: t('channel.level'), render: (one) => name('level', String(one.level)), text: (one) => name('level', String(one.level)) },
    {
      key: 'state',
      title: t('list.state'),
      render: (one) => <StatusTag family="channel_state" state={one.state} />,
      text: (one) => name('channel_state', one.state),
    },
    {
      key: 'regions',
      title: t('channel.regions'),
      render: (one) => {
        const [first, ...more] = regions(one)
        return more.length > 0 ? <span title={regions(one).join(between(language))}>{t('list.and_more', { first: first ?? '', n: more.length + 1, more: more.length })}</span> : first
      },
      text: (one) => regions(one).join(between(language)),
    },
    { key: 'uscc', title: t('org.uscc'), render: (one) => <code>{one.owner.uscc}</code>, text: (one) => one.owner.uscc },
    { key: 'at', title: t('list.created'), render: (one) => dayText(one.created_at), text: (one) => dayText(one.created_at) },
  ]
  const filters: Filter<Channel>[] = [
    { key: 'q', label: t('list.search'), admits: (one, q) => `${one.name} ${one.number} ${one.owner.name} ${one.owner.uscc}`.includes(q) },
    {
      key: 'class',
      label: t('channel.class'),
      options: CLASSES.map((value) => ({ value, label: name('class', value) })),
      admits: (one, value) => one.class === value,
    },
    {
      key: 'state',
      label: t('list.state'),
      options: STATES.map((value) => ({ value, label: name('channel_state', value) })),
      admits: (one, value) => one.state === value,
    },
  ]
  return (
    <Page title={t('nav.channels')} lead={t('channel.lead')}>
      <SearchTable
        title={t('nav.channels')}
        noun="channel"
        rowKey={(one) => one.channel_id}
        columns={columns}
        filters={filters}
        fetch={({ limit, cursor }) => ask(api.GET('/api/v1/channels', { params: { query: { limit, cursor } } }))}
      />
    </Page>
  )
}
