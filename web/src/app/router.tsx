// Addresses. Every page is a chunk of its own.

import { createBrowserRouter } from 'react-router'
import { Broken, NotFound } from '../parts/states'
import { Frame } from './frame'
import { worldPath } from './world'

export const router = createBrowserRouter(
  [
    { path: '/sign-in', lazy: () => import('../features/staff/sign_in'), ErrorBoundary: Broken },
    {
      path: '/',
      Component: Frame,
      ErrorBoundary: Broken,
      children: [
        { index: true, lazy: () => import('../features/overview/overview') },
        { path: 'password', lazy: () => import('../features/staff/password') },
        { path: '*', Component: NotFound },
      ],
    },
  ],
  { basename: `${worldPath}/portal` },
)
