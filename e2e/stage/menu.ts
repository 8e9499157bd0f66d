// The menu of what somebody may begin.

import type { Page } from 'playwright-core'

/** Opens it, and waits until it has stood still for a moment: on a busy machine it is placed anew after its first frame. */
export async function openMenu(page: Page): Promise<void> {
  await page.getByRole('button', { name: '发起办理' }).click()
  await page.waitForFunction(() => {
    const top = document.querySelector('[role=menuitem]')?.getBoundingClientRect().y
    const seen = window as unknown as { top?: number; since?: number }
    const now = performance.now()
    if (top === undefined || seen.top !== top) {
      seen.top = top
      seen.since = now
      return false
    }
    return now - (seen.since ?? now) > 300
  })
}
