// What is done to many matters at once: reminding, acknowledging notices, and putting what waits for the own office into somebody's
// hands. None of it decides anything: reviews and gradings are done one by one.

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Form, Input, Select } from 'antd'
import { useHolds, useSession } from '../../app/session'
import { useSpeech } from '../../i18n'
import { some } from '../../parts/bulk'
import type { Bulk } from '../../parts/bulk_bar'
import { isUnread, remindableOf } from './many'
import { useSelf } from './self'
import { act, askMatter, assign, type Matter, remind, type Waiting } from './wire'

const nameOf = ({ title, channel_name }: Matter) => [title, channel_name].filter(Boolean).join(' · ')

export function useMattersBulk(): Bulk<Matter> | undefined {
  const { t } = useSpeech()
  const holds = useHolds()
  const self = useSelf()
  const client = useQueryClient()
  if (!holds('matter.act')) return undefined
  const after = () => client.invalidateQueries({ queryKey: ['matter'] })
  const reminding = {
    key: 'remind',
    label: t('remind.act'),
    bars: (one: Matter) => (one.is_ended ? t('bulk.ended') : remindableOf(one.waits).length === 0 ? t('bulk.nobody') : null),
    act: async (one: Matter) => {
      const { done, all, refused } = await some(remindableOf(one.waits).map((wait) => () => remind(one, wait)))
      const note = t('bulk.some', { done, all })
      if (refused !== undefined) return { note, refused }
      return all > 1 ? note : undefined
    },
    after,
  }
  const acknowledging = {
    key: 'acknowledge',
    label: t('bulk.acknowledge'),
    bars: (one: Matter) => (isUnread(one) ? null : t('bulk.no_notice')),
    act: async (one: Matter) => {
      await act(one, 'acknowledge', {})
      return undefined
    },
    after,
  }
  // Notices of one sending have one title: the channel tells them apart.
  return { called: nameOf, acts: self.party === 'owner' ? [acknowledging, reminding] : [reminding] }
}

/** What waits for the own office, into whose hands. */
export function useInboxBulk(): Bulk<Waiting> | undefined {
  const { t } = useSpeech()
  const holds = useHolds()
  const client = useQueryClient()
  if (!holds('matter.act')) return undefined
  return {
    called: ({ matter }) => nameOf(matter),
    acts: [
      {
        key: 'assign',
        label: t('bulk.assign'),
        bars: () => null,
        fields: (rows) => rows[0] && <Hands matter_id={rows[0].matter.matter_id} />,
        act: async ({ matter }, { staff_id, words }) => {
          await assign(matter, String(staff_id), words ? String(words) : undefined)
          return undefined
        },
        after: () => client.invalidateQueries({ queryKey: ['matter'] }),
      },
    ],
  }
}

/** Who of the own office may take it: as one of the chosen matters tells. */
function Hands({ matter_id }: { matter_id: string }) {
  const { t } = useSpeech()
  const me = useSession().staff.staff_id
  const { data, isLoading } = useQuery({ queryKey: ['matter', matter_id], queryFn: () => askMatter(matter_id) })
  const colleagues = data?.assignment?.colleagues ?? []
  const options = colleagues.map((one) => ({ value: one.staff_id, label: one.staff_id === me ? `${one.login} · ${t('hands.mine')}` : one.login }))
  return (
    <>
      <Form.Item name="staff_id" label={t('assignment.assignee')} rules={[{ required: true, message: t('field.required') }]}>
        <Select options={options} loading={isLoading} showSearch={{ optionFilterProp: 'label' }} />
      </Form.Item>
      <Form.Item name="words" label={t('action.reason')} extra={t('bulk.words_hint')}>
        <Input.TextArea rows={2} maxLength={200} showCount />
      </Form.Item>
    </>
  )
}
