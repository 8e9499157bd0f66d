// The menu: which pages there are, and the operation that a role must hold to see one.

import type { Key } from '../i18n'

export interface Item {
  /** Below `/portal/`. */
  path: string
  label: Key
  /** Any one of these is enough; none means that everybody who is signed in may. */
  needs: string[]
  /** Which count stands beside it. */
  badge?: 'waiting' | 'registrations' | 'unread'
}

export interface Section {
  label: Key
  items: Item[]
}

export const MENU: Section[] = [
  {
    label: 'nav.work',
    items: [
      { path: '', label: 'nav.overview', needs: [] },
      { path: 'inbox', label: 'nav.inbox', needs: ['matter.read'], badge: 'waiting' },
      { path: 'matters', label: 'nav.matters', needs: ['matter.read'] },
      { path: 'sendings', label: 'nav.sendings', needs: ['notice.send'] },
      { path: 'templates', label: 'nav.templates', needs: ['template.read'] },
      { path: 'messages', label: 'nav.messages', needs: ['matter.read'], badge: 'unread' },
    ],
  },
  {
    label: 'nav.registers',
    items: [
      { path: 'channels', label: 'nav.channels', needs: ['channel.list'] },
      { path: 'webhooks', label: 'nav.webhooks', needs: ['webhook.replay'] },
      { path: 'openings', label: 'nav.openings', needs: ['service.list'] },
      { path: 'services', label: 'nav.services', needs: ['service.list'] },
      { path: 'terminals', label: 'nav.terminals', needs: ['terminal.list'] },
      { path: 'registrations', label: 'nav.registrations', needs: ['registration.list'], badge: 'registrations' },
      { path: 'orgs', label: 'nav.orgs', needs: ['org.list'] },
      { path: 'staff', label: 'nav.staff', needs: ['staff.list'] },
      { path: 'team', label: 'nav.team', needs: ['team.manage'] },
      { path: 'platform-keys', label: 'nav.platform_keys', needs: ['channel.rotate_key', 'config.read'] },
    ],
  },
  {
    label: 'nav.oversight',
    items: [
      { path: 'parameters', label: 'nav.parameters', needs: ['config.read'] },
      { path: 'divisions', label: 'nav.divisions', needs: [] },
      { path: 'codes', label: 'nav.codes', needs: [] },
      { path: 'roles', label: 'nav.roles', needs: [] },
      { path: 'calendar', label: 'nav.calendar', needs: [] },
      { path: 'statistics', label: 'nav.statistics', needs: ['statistic.read'] },
      { path: 'coverage', label: 'nav.coverage', needs: ['coverage.read'] },
      { path: 'jobs', label: 'nav.jobs', needs: ['job.read'] },
      { path: 'audit', label: 'nav.audit', needs: ['audit.head'] },
    ],
  },
]

export function mayOpen(item: Item, holds: (operation: string) => boolean): boolean {
  return item.needs.length === 0 || item.needs.some(holds)
}
