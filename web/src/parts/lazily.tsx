// A part of a page that is fetched when it is shown: a form that few people fill in weighs nothing for the others.

import { type ComponentType, lazy, Suspense } from 'react'

export function lazily<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  const Part = lazy(async () => ({ default: (await load()) as ComponentType<object> }))
  return (props) => (
    <Suspense>
      <Part {...props} />
    </Suspense>
  )
}
