import { expect, test } from 'vitest'
import { Person } from '../stage/browser'
import { channelNamed } from '../stage/office'

/** Where words of ours stand; names and what a person wrote stand elsewhere. */
const HEADS = 'h2, h3, thead th, label, legend, nav a, .lead, dt'

/** Words of ours on the page that are still Chinese. */
async function chinese({ page }: Person): Promise<string[]> {
  const texts = await page.locator(HEADS).allInnerTexts()
  return texts.filter((text) => /[\u4e00-\u9fff]/.test(text))
}

test('whoever reads English meets no Chinese word of ours on the pages of the operator', async () => {
  const operator = await Person.signedIn('operator_admin', 'en')
  await operator.open('')
  await operator.page.locator('.chart svg').first().waitFor()
  await expect.poll(() => chinese(operator), { message: 'the name of the organisation' }).toEqual(['平台运营机构'])
  await operator.inspect('en-overview')
  for (const page of ['inbox', 'matters', 'channels', 'registrations', 'orgs', 'openings', 'statistics', 'coverage', 'sendings', 'calendar', 'roles', 'divisions', 'parameters', 'security', 'terminals/import', 'orgs/import']) {
    await operator.open(page)
    await expect.poll(() => chinese(operator), { message: page }).toEqual([])
    await operator.inspect(`en-${page.replace('/', '-')}`)
  }
  const channel = await channelNamed()
  await operator.open(`channels/${channel.channel_id}`)
  await operator.page.locator('.chart svg').first().waitFor()
  await operator.inspect('en-channel')
  await operator.leave()

  const visitor = await Person.arrive('en')
  await visitor.open('register')
  await expect.poll(() => chinese(visitor)).toEqual([])
  await visitor.inspect('en-register')
  await visitor.inspectNarrow('en-register')
  await visitor.leave()
})

test('whoever does nothing is asked whether they are still there, and stays by saying so', async () => {
  for (const language of ['zh-CN', 'en'] as const) {
    const operator = await Person.signedIn('operator_admin', language)
    const { page } = operator
    await page.evaluate(() => localStorage.setItem('ykt.active', String(Date.now() - (30 * 60 - 90) * 1000)))
    const dialog = page.getByRole('dialog')
    await dialog.waitFor()
    await operator.inspect(`idle-${language}`)
    await operator.inspectNarrow(`idle-${language}`)
    await dialog.getByRole('button').click()
    await dialog.waitFor({ state: 'hidden' })
    await operator.leave()
  }
})
