// Menus: of what somebody may begin, of an account, of ways to export.

import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'

/**
 * Opens a menu and chooses from it, by keys alone. They find the item wherever it stands; on a busy machine a menu is placed
 * anew after its first frame, and a press of the mouse may land where the item was.
 */
export async function pick(button: Locator, item: string | RegExp, exact = false): Promise<void> {
  await button.press('Enter')
  // The first of its items gets the focus a moment after the menu is there, and takes it from any other.
  const hasFocus = () => button.page().evaluate(() => document.activeElement?.getAttribute('role'))
  await expect.poll(hasFocus).toBe('menuitem')
  await button.page().getByRole('menuitem', { name: item, exact }).press('Enter')
}

/** Begins what somebody may begin where they stand. */
export const beginFromMenu = (page: Page, item: string) => pick(page.getByRole('button', { name: '发起办理' }), item, true)
