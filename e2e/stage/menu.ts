// The menu of what somebody may begin.

import type { Page } from 'playwright-core'

/** So often in a row it has to be met in the same place. */
const STILL = 5

/** Opens it, and looks until it stands still: on a busy machine it is placed anew after its first frame. */
export async function openMenu(page: Page): Promise<void> {
  await page.getByRole('button', { name: '发起办理' }).click()
  const first = page.getByRole('menuitem').first()
  await first.waitFor()
  let [place, met] = [Number.NaN, 0]
  for (let looks = 0; met < STILL && looks < 100; looks++) {
    const now = (await first.boundingBox())?.y ?? Number.NaN
    met = now === place ? met + 1 : 0
    place = now
  }
}
