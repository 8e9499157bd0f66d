import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode, Suspense } from 'react'
import { createRoot } from 'react-dom/client'
import { RouterProvider } from 'react-router'
import { Refused } from './api/client'
import { Appearance } from './app/appearance'
import { PreferencesProvider } from './app/preferences'
import { router } from './app/router'
import { SessionProvider } from './app/session'
import { Speech } from './i18n'
import './styles.css'

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      refetchOnWindowFocus: false,
      retry: (count, error) => count < 2 && error instanceof Refused && error.problem.retryable === true,
    },
  },
})

const root = document.getElementById('root')
if (!root) throw new Error('the page has no root')
createRoot(root).render(
  <StrictMode>
    <PreferencesProvider>
      <Suspense>
        <Speech>
          <Appearance>
            <QueryClientProvider client={client}>
              <SessionProvider>
                <RouterProvider router={router} />
              </SessionProvider>
            </QueryClientProvider>
          </Appearance>
        </Speech>
      </Suspense>
    </PreferencesProvider>
  </StrictMode>,
)
