// A page about one thing: loading, failed, or there.

import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Page } from './page'
import { Failure, Loading } from './states'

interface Props<T> {
  /** What the page is called while there is nothing to call it after. */
  title: string
  query: Pick<UseQueryResult<T>, 'data' | 'error' | 'refetch'>
  children: (found: T) => ReactNode
}

export function Loaded<T>({ title, query: { data, error, refetch }, children }: Props<T>) {
  if (error) {
    return (
      <Page title={title}>
        <Failure error={error} retry={() => void refetch()} />
      </Page>
    )
  }
  return data === undefined ? <Loading /> : children(data)
}
