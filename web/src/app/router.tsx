// Addresses. Every page is a chunk of its own.

import { createBrowserRouter } from 'react-router'
import { Broken, NotFound } from '../parts/states'
import { Frame } from './frame'
import { worldPath } from './world'

export const router = createBrowserRouter(
  [
    { path: '/sign-in', lazy: () => import('../features/staff/sign_in'), ErrorBoundary: Broken },
    { path: '/directory', lazy: () => import('../features/directory/directory'), ErrorBoundary: Broken },
    { path: '/register', lazy: () => import('../features/registration/register'), ErrorBoundary: Broken },
    {
      path: '/',
      Component: Frame,
      ErrorBoundary: Broken,
      children: [
        { index: true, lazy: () => import('../features/overview/overview') },
        { path: 'inbox', lazy: () => import('../features/matter/inbox') },
        { path: 'matters', lazy: () => import('../features/matter/matters') },
        { path: 'matters/:matter_id', lazy: () => import('../features/matter/matter') },
        { path: 'applications/new', lazy: () => import('../features/application/form') },
        { path: 'applications/:matter_id', lazy: () => import('../features/application/form') },
        { path: 'applications/:matter_id/formal', lazy: () => import('../features/application/formal') },
        { path: 'messages', lazy: () => import('../features/matter/messages') },
        { path: 'security', lazy: () => import('../features/staff/security') },
        { path: 'password', lazy: () => import('../features/staff/password') },
        { path: 'channels', lazy: () => import('../features/channel/channels') },
        { path: 'channels/:channel_id', lazy: () => import('../features/channel/channel') },
        { path: 'openings', lazy: () => import('../features/service/openings') },
        { path: 'services', lazy: () => import('../features/service/services') },
        { path: 'terminals', lazy: () => import('../features/terminal/terminals') },
        { path: 'terminals/:terminal_id', lazy: () => import('../features/terminal/terminal') },
        { path: 'registrations', lazy: () => import('../features/registration/registrations') },
        { path: 'orgs', lazy: () => import('../features/org/orgs') },
        { path: 'staff', lazy: () => import('../features/staff/accounts') },
        { path: 'platform-keys', lazy: () => import('../features/key/platform_keys') },
        { path: 'parameters', lazy: () => import('../features/parameter/parameters') },
        { path: 'statistics', lazy: () => import('../features/statistic/statistics') },
        { path: 'audit', lazy: () => import('../features/audit/audit') },
        { path: '*', Component: NotFound },
      ],
    },
  ],
  { basename: `${worldPath}/portal` },
)
