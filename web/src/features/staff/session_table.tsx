// Sign-ins of an account, as a table.

import { Button, Tag } from 'antd'
import type { Schemas } from '../../api/client'
import { useSpeech } from '../../i18n'
import { momentText } from '../../parts/moment'
import { ShortTable } from '../../parts/short_table'

export type Listed = Schemas['ListedStaffSession']

interface Props {
  sessions: Listed[]
  isLoading: boolean
  end: (session: Listed) => void
}

export function SessionTable({ sessions, isLoading, end }: Props) {
  const { t, name } = useSpeech()
  return (
    <ShortTable<Listed>
      rowKey="session_id"
      dataSource={sessions}
      loading={isLoading}
      columns={[
        {
          title: t('security.carrier'),
          key: 'carrier',
          render: (_, one) => (
            <>
              {name('carrier', one.carrier)}{' '}
              {one.is_current && (
                <Tag className="tone-good" variant="filled">
                  {t('security.current')}
                </Tag>
              )}
            </>
          ),
        },
        { title: t('security.created'), key: 'created', render: (_, one) => momentText(one.created_at) },
        { title: t('security.seen'), key: 'seen', render: (_, one) => momentText(one.seen_at) },
        { title: t('security.expires'), key: 'expires', render: (_, one) => momentText(one.expires_at) },
        {
          title: t('list.act'),
          key: 'act',
          render: (_, one) =>
            one.is_current ? null : (
              <Button size="small" danger onClick={() => end(one)}>
                {t('security.end')}
              </Button>
            ),
        },
      ]}
    />
  )
}
