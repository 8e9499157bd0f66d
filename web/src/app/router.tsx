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
    { path: '/wall', lazy: () => import('../features/overview/wall'), ErrorBoundary: Broken },
    {
      path: '/',
      Component: Frame,
      ErrorBoundary: Broken,
      children: [
        { index: true, lazy: () => import('../features/overview/overview') },
        { path: 'inbox', lazy: () => import('../features/matter/inbox') },
        { path: 'matters', lazy: () => import('../features/matter/matters') },
        { path: 'matters/:matter_id', lazy: () => import('../features/matter/matter') },
        { path: 'matters/:matter_id/report', lazy: () => import('../features/risk_event/report') },
        { path: 'matters/:matter_id/import', lazy: () => import('../features/matter/filing_import') },
        { path: 'applications/new', lazy: () => import('../features/application/form') },
        { path: 'applications/:matter_id', lazy: () => import('../features/application/form') },
        { path: 'applications/:matter_id/formal', lazy: () => import('../features/application/formal') },
        { path: 'sendings', lazy: () => import('../features/sending/sendings') },
        { path: 'sendings/:sending_id', lazy: () => import('../features/sending/sending') },
        { path: 'templates', lazy: () => import('../features/template/templates') },
        { path: 'templates/:template_id', lazy: () => import('../features/template/template') },
        { path: 'messages', lazy: () => import('../features/matter/messages') },
        { path: 'security', lazy: () => import('../features/staff/security') },
        { path: 'password', lazy: () => import('../features/staff/password') },
        { path: 'channels', lazy: () => import('../features/channel/channels') },
        { path: 'channels/:channel_id', lazy: () => import('../features/channel/channel') },
        { path: 'webhooks', lazy: () => import('../features/webhook/webhooks') },
        { path: 'openings', lazy: () => import('../features/service/openings') },
        { path: 'openings/import', lazy: () => import('../features/service/import') },
        { path: 'services', lazy: () => import('../features/service/catalogue') },
        { path: 'terminals', lazy: () => import('../features/terminal/terminals') },
        { path: 'terminals/import', lazy: () => import('../features/terminal/import') },
        { path: 'terminals/:terminal_id', lazy: () => import('../features/terminal/terminal') },
        { path: 'registrations', lazy: () => import('../features/registration/registrations') },
        { path: 'orgs', lazy: () => import('../features/org/orgs') },
        { path: 'orgs/import', lazy: () => import('../features/org/import') },
        { path: 'team', lazy: () => import('../features/staff/team') },
        { path: 'staff', lazy: () => import('../features/staff/accounts') },
        { path: 'platform-keys', lazy: () => import('../features/key/platform_keys') },
        { path: 'parameters', lazy: () => import('../features/parameter/parameters') },
        { path: 'codes', lazy: () => import('../features/code/codes') },
        { path: 'divisions', lazy: () => import('../features/division/divisions') },
        { path: 'roles', lazy: () => import('../features/org/roles') },
        { path: 'calendar', lazy: () => import('../features/calendar/calendar') },
        { path: 'statistics', lazy: () => import('../features/statistic/statistics') },
        { path: 'coverage', lazy: () => import('../features/statistic/coverage') },
        { path: 'jobs', lazy: () => import('../features/job/jobs') },
        { path: 'audit', lazy: () => import('../features/audit/audit') },
        { path: '*', Component: NotFound },
      ],
    },
  ],
  { basename: `${worldPath}/portal` },
)
