import { beginFromMenu, pick } from '../stage/menu'
import { expect, test } from 'vitest'
import { channelNamed, found, hire, ownerOfChannel } from '../stage/office'
import { Person } from '../stage/browser'

/** Waits until the page has kept what was filled in: a page that is busy keeps it a moment later. */
const kept = ({ page }: Person) =>
  expect.poll(() => page.evaluate(() => Object.keys(sessionStorage).some((key) => key.startsWith('ykt.draft')))).toBe(true)

test('what was filled in and not sent is asked about before a page is left, comes back when it is opened again, and goes with the sign-out', async () => {
  const org = await found({ name: '草稿科技有限公司', kind: 'channel_owner', division: '330100', uscc: '91110000600037341L' })
  const owner = await hire(org, 'channel_admin')
  const { page } = owner
  await owner.open('applications/new')
  await page.getByLabel('渠道名称').first().fill('草稿手机应用')
  await kept(owner)
  await page.getByRole('link', { name: '消息' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('填写尚未送出').waitFor()
  await owner.inspect('draft-leaving')
  await dialog.getByRole('button', { name: '留在本页' }).click()
  await dialog.waitFor({ state: 'hidden' })
  await expect.poll(() => page.getByLabel('渠道名称').first().inputValue()).toBe('草稿手机应用')

  await page.getByRole('link', { name: '消息' }).click()
  await dialog.getByRole('button', { name: '离开，保留草稿' }).click()
  await page.waitForURL(/portal\/messages/)
  await owner.open('applications/new')
  await page.getByText(/已恢复 .* 未送出的填写/).waitFor()
  await expect.poll(() => page.getByLabel('渠道名称').first().inputValue()).toBe('草稿手机应用')
  await owner.inspect('draft-found')
  await owner.inspectNarrow('draft-found')

  await page.getByRole('button', { name: '保存草稿' }).click()
  await page.waitForURL(/applications\/mat_/)
  await owner.settled()
  await page.getByLabel('现有用户数').fill('1')
  await kept(owner)
  await pick(page.getByRole('button', { name: /^账户：/ }), '退出登录')
  await page.getByText('有 1 份填写尚未送出。').waitFor()
  await page.getByRole('button', { name: '退出登录' }).last().click()
  await page.waitForURL(/portal\/sign-in/)
  expect(await page.evaluate(() => Object.keys(sessionStorage).filter((key) => key.startsWith('ykt.draft')))).toEqual([])
  await owner.leave()
})

test('whoever was not as fast is told who was, what differs, and keeps what they filled in', async () => {
  const org = await ownerOfChannel()
  const [first, second] = [await hire(org, 'channel_admin'), await hire(org, 'channel_admin')]
  await first.open('applications/new')
  await first.page.getByLabel('渠道名称').first().fill('两人同填')
  await first.page.getByRole('button', { name: '保存草稿' }).click()
  await first.page.waitForURL(/applications\/mat_/)
  await first.settled()
  const address = new URL(first.page.url()).pathname.replace('/sandbox/portal/', '')
  await second.open(address)
  await first.page.getByLabel('现有用户数').fill('500')
  // That the first one was saved may still be said.
  const saved = first.page.waitForResponse((answer) => answer.request().method() === 'POST' && answer.url().endsWith('/actions'))
  await first.page.getByRole('button', { name: '保存草稿' }).click()
  expect((await saved).ok()).toBe(true)

  const { page } = second
  await page.getByLabel('渠道名称').first().fill('另一个名称')
  await page.getByRole('button', { name: '保存草稿' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('他人已先一步修改').waitFor()
  await dialog.getByRole('cell', { name: '另一个名称' }).waitFor()
  await dialog.getByRole('cell', { name: '500' }).waitFor()
  await second.inspect('conflict')
  await dialog.getByRole('button', { name: '载入最新并保留我的填写' }).click()
  await dialog.waitFor({ state: 'hidden' })
  await expect.poll(() => page.getByLabel('渠道名称').first().inputValue()).toBe('另一个名称')
  await page.getByRole('button', { name: '保存草稿' }).click()
  await page.getByText('草稿已保存').waitFor()
  for (const one of [first, second]) await one.leave()
})

test('an action that somebody else has overtaken is not done, and its words stay', async () => {
  const channel = await channelNamed()
  const owner = await hire(channel.owner_id, 'channel_admin')
  await owner.open('matters')
  await beginFromMenu(owner.page, '建议')
  const form = owner.page.getByRole('dialog')
  await form.getByLabel('渠道').click()
  await owner.page.locator('.ant-select-item').getByText('演示渠道').click()
  await form.getByLabel('主题').click()
  await owner.page.locator('.ant-select-item').getByText('产品需求').click()
  await form.getByLabel('标题').fill('两人同答')
  await form.getByLabel('内容').fill('请答复。')
  await form.getByRole('button', { name: '提交' }).click()
  await owner.page.waitForURL(/matters\/mat_/)
  const address = new URL(owner.page.url()).pathname.replace('/sandbox/portal/', '')
  const [one, other] = [await Person.signedIn('operator_admin'), await Person.signedIn('operator_admin')]
  for (const person of [one, other]) {
    await person.open(address)
    await person.page.getByRole('button', { name: '答复' }).click()
    await person.page.getByRole('dialog').getByLabel('意见或说明').fill('已列入。')
  }
  await one.page.getByRole('dialog').getByRole('button', { name: '答复' }).click()
  await one.page.getByText('已答复').first().waitFor()
  await other.page.getByRole('dialog').getByRole('button', { name: '答复' }).click()
  const dialog = other.page.getByRole('dialog', { name: '他人已先一步修改' })
  await dialog.getByText('现在的状态：已答复').waitFor()
  await dialog.getByText('已列入。').first().waitFor()
  for (const person of [owner, one, other]) await person.leave()
})
