// Matters begun and carried on from the pages of a channel, with texts by the labels of their fields.

import { beginFromMenu } from './menu'
import type { Locator } from 'playwright-core'
import { act as carryOut } from './access'
import type { Person } from './browser'

/** What is filled into a dialog: texts by their labels. */
export type Filled = Record<string, string>

type Fill = (dialog: Locator) => Promise<void>

async function fill(dialog: Locator, texts: Filled): Promise<void> {
  for (const [label, text] of Object.entries(texts)) await dialog.getByLabel(label, { exact: true }).fill(text)
}

/** Begins a matter about the channel whose page is open; stands on the matter's page then, whose id is told. */
export async function begin(person: Person, kind: string, texts: Filled, more?: Fill): Promise<string> {
  const { page } = person
  await beginFromMenu(page, kind)
  const dialog = page.getByRole('dialog')
  await dialog.waitFor()
  await person.settled()
  await more?.(dialog)
  await fill(dialog, texts)
  await dialog.getByRole('button', { name: '提交' }).click()
  await page.waitForURL(/matters\/mat_/)
  await person.settled()
  return new URL(page.url()).pathname.split('/').at(-1) ?? ''
}

/** Does an action of the matter that is open, with these texts. */
export async function act(person: Person, action: string, texts: Filled = {}, more?: Fill): Promise<void> {
  await carryOut(person, action, async () => {
    const dialog = person.page.getByRole('dialog', { name: action, exact: true })
    await more?.(dialog)
    await fill(dialog, texts)
  })
  await person.settled()
}
