// What a list of accounts shows of each.

import type { Speaker } from '../../i18n'
import { dayText, momentText } from '../../parts/moment'
import type { Column } from '../../parts/search_table'
import { StatusTag } from '../../parts/status_tag'
import type { Member } from './realm'

type Columns = Record<'login' | 'role' | 'state' | 'seen' | 'factor' | 'password' | 'opened', Column<Member>>

export function accountColumns({ t, name }: Pick<Speaker, 't' | 'name'>): Columns {
  const factor = (one: Member) => t(one.has_factor ? 'factor.enrolled' : 'factor.absent')
  const role = (one: Member) => name('role', one.role)
  return {
    login: { key: 'login', title: t('sign_in.login'), render: (one) => <code>{one.login}</code>, text: (one) => one.login },
    role: { key: 'role', title: t('staff.role'), render: role, text: role },
    state: {
      key: 'state',
      title: t('list.state'),
      render: (one) => <StatusTag family="staff_state" state={one.state} />,
      text: (one) => name('staff_state', one.state),
    },
    seen: {
      key: 'seen',
      title: t('team.last_sign_in'),
      render: (one) => <span className="nowrap">{momentText(one.signed_in_at)}</span>,
      text: (one) => one.signed_in_at ?? '',
    },
    factor: { key: 'factor', title: t('team.factor'), render: factor, text: factor },
    password: {
      key: 'password',
      title: t('staff.password_state'),
      render: (one) => t(one.must_change_password ? 'staff.password_first' : 'staff.password_own'),
    },
    opened: { key: 'at', title: t('list.created'), render: (one) => dayText(one.created_at), text: (one) => dayText(one.created_at) },
  }
}
