import { expect, test } from 'vitest'
import { Person } from '../stage/browser'
import { channelNamed } from '../stage/office'

test('a list is walked by arrow keys, keeps its columns and density, and comes back to filters that were saved under a name', async () => {
  const operator = await Person.signedIn('operator_admin')
  const { page } = operator
  await operator.open('matters?ended=true')
  await page.getByRole('button', { name: '视图' }).click()
  await page.getByRole('button', { name: '保存当前筛选为视图' }).click()
  await page.getByLabel('视图名称').fill('已办结的')
  await page.getByRole('dialog', { name: '保存当前筛选为视图' }).getByRole('button', { name: '保存' }).click()
  await page.getByRole('button', { name: '已办结的' }).waitFor()
  await page.getByRole('button', { name: '列与密度' }).click()
  await page.getByRole('checkbox', { name: '所属单位' }).uncheck()
  await page.getByRole('radio', { name: '紧凑' }).check()
  await operator.inspect('list-tools')
  await page.keyboard.press('Escape')

  await operator.open('matters')
  expect(await page.getByRole('columnheader', { name: '所属单位' }).count()).toBe(0)
  await page.getByRole('button', { name: '视图' }).click()
  await page.locator('.list-views').getByRole('button', { name: '已办结的', exact: true }).click()
  await page.waitForURL(/ended=true/)
  await operator.settled()
  await operator.inspectNarrow('list-tools')

  const rows = page.locator('tr.ant-table-row')
  await rows.first().focus()
  await page.keyboard.press('ArrowDown')
  await expect.poll(() => rows.nth(1).evaluate((row) => row === document.activeElement)).toBe(true)
  await page.keyboard.press('Enter')
  await page.waitForURL(/matters\/mat_/)
  await operator.settled()
  await operator.leave()
})

test('the number of a clause opens its words, and a channel tells what happened to it by kinds', async () => {
  const channel = await channelNamed('湖滨手机银行')
  const operator = await Person.signedIn('operator_admin')
  const { page } = operator
  await operator.open(`channels/${channel.channel_id}`)
  await page.getByRole('heading', { name: '大事记' }).waitFor()
  await operator.inspect('channel-story')
  await operator.inspectNarrow('channel-story')
  await page.getByRole('group', { name: '按类别筛选' }).getByRole('button', { name: /^办件/ }).click()
  await operator.open('parameters')
  await page.locator('button.clause').first().click()
  await page.locator('.clause-list').waitFor()
  await operator.inspect('clause-words')
  await operator.leave()
})

test('a ticket reads as a conversation, and is answered with words that were used before', async () => {
  const operator = await Person.signedIn('operator_admin')
  const { page } = operator
  await operator.open('matters?kind=ticket&ended=false')
  await page.locator('tbody a').first().click()
  await page.waitForURL(/matters\/mat_/)
  await operator.settled()
  await page.locator('.thread li').first().waitFor()
  await operator.inspect('ticket')
  await operator.inspectNarrow('ticket')
  await page.getByRole('button', { name: '答复' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('combobox', { name: '常用答复' }).click()
  await page.locator('.ant-select-item-option').first().click()
  await expect.poll(() => dialog.getByLabel('意见或说明').inputValue()).not.toBe('')
  await operator.inspect('ticket-answer')
  await operator.leave()
})
