// A list that is wider or longer than its place is scrolled; whoever has no pointer must be able to reach it for that.

import { type RefObject, useEffect, useRef } from 'react'

/** Goes on the section around a table; `shown` is what the table shows. */
export function useReachable<Section extends HTMLElement>(label: string, shown: unknown): RefObject<Section | null> {
  const section = useRef<Section>(null)
  useEffect(() => {
    const content = section.current?.querySelector<HTMLElement>('.ant-table-content')
    if (!content) return
    const look = () => {
      const isLarger = content.scrollWidth > content.clientWidth || content.scrollHeight > content.clientHeight
      for (const [name, value] of [['tabindex', '0'], ['role', 'group'], ['aria-label', label]] as const) {
        if (isLarger) content.setAttribute(name, value)
        else content.removeAttribute(name)
      }
    }
    look()
    const watch = new ResizeObserver(look)
    watch.observe(content)
    return () => watch.disconnect()
  }, [label, shown])
  return section
}
