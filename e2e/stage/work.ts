// Somebody at work on a page: fields are filled in by their labels, actions are done in their dialogs.

import type { Locator } from 'playwright-core'
import { expect } from 'vitest'
import type { Person } from './browser'

/** Chooses a word in a select. */
export async function choose(person: Person, within: Locator, label: string, word: string): Promise<void> {
  await within.getByLabel(label, { exact: true }).click()
  await person.page.locator('.ant-select-dropdown:visible .ant-select-item').getByText(word, { exact: true }).click()
}

/** What is filled into a dialog: texts by their labels. */
export type Filled = Record<string, string>

async function fill(dialog: Locator, texts: Filled): Promise<void> {
  for (const [label, text] of Object.entries(texts)) await dialog.getByLabel(label, { exact: true }).fill(text)
}

/** Begins a matter about the channel whose page is open; stands on the matter's page then, whose id is told. */
export async function begin(
  person: Person,
  kind: string,
  texts: Filled,
  more: (dialog: Locator) => Promise<void> = async () => undefined,
): Promise<string> {
  const { page } = person
  await page.getByRole('button', { name: '发起办理' }).click()
  await page.getByRole('menuitem', { name: kind, exact: true }).click()
  const dialog = page.getByRole('dialog')
  await more(dialog)
  await fill(dialog, texts)
  await dialog.getByRole('button', { name: '提交' }).click()
  await page.waitForURL(/matters\/mat_/)
  await person.settled()
  return new URL(page.url()).pathname.split('/').at(-1) ?? ''
}

/** Does an action of the matter that is open, and proves who it is where that is asked. */
export async function act(
  person: Person,
  action: string,
  texts: Filled = {},
  more: (dialog: Locator) => Promise<void> = async () => undefined,
): Promise<void> {
  const { page } = person
  await page.getByRole('button', { name: action, exact: true }).click()
  const dialog = page.getByRole('dialog', { name: action, exact: true })
  await dialog.waitFor()
  await more(dialog)
  await fill(dialog, texts)
  await dialog.getByRole('button', { name: action, exact: true }).click()
  const proof = page.getByRole('dialog', { name: '确认是您本人' })
  const stands = async () => ((await proof.isVisible()) ? 'asks who it is' : (await dialog.isVisible()) ? 'open' : 'done')
  await expect.poll(stands, { timeout: 15_000, interval: 50 }).not.toBe('open')
  if ((await stands()) === 'asks who it is') {
    await proof.getByLabel('密码').fill(person.password ?? '')
    await proof.getByRole('button', { name: '确认' }).click()
    await dialog.waitFor({ state: 'hidden' })
  }
  await person.settled()
}
