// A part of a page that is fetched when it is shown: a form that few people fill in weighs nothing for the others.

import { type ComponentType, lazy, type ReactNode, Suspense } from 'react'

/** `meanwhile` stands in its place until it is there; nothing does, where nobody waits for it. */
export function lazily<Props extends object>(load: () => Promise<ComponentType<Props>>, meanwhile: ReactNode = null): ComponentType<Props> {
  const Part = lazy(async () => ({ default: (await load()) as ComponentType<object> }))
  return (props) => (
    <Suspense fallback={meanwhile}>
      <Part {...props} />
    </Suspense>
  )
}
