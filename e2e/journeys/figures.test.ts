import { expect, test } from 'vitest'
import { Person } from '../stage/browser'
import { channelNamed } from '../stage/office'

test('figures of use: applications against the year before, issuance by week, and why claims failed, each as a table too', async () => {
  const operator = await Person.signedIn('operator_admin')
  const { page } = operator
  await operator.open('statistics')
  const card = page.locator('section', { has: page.getByRole('heading', { name: /^应用使用情况/ }) })
  await card.getByRole('button', { name: '查看数据表' }).click()
  await card.getByRole('columnheader', { name: '上年同月' }).waitFor()
  expect(await card.locator('tbody tr').count(), 'applications of the last month').toBeGreaterThan(3)
  await operator.inspect('applications')

  const channel = await channelNamed('湖滨手机银行')
  await operator.open(`channels/${channel.channel_id}`)
  const issued = page.locator('section', { has: page.getByRole('heading', { name: '签发量走势' }) })
  await issued.getByText('按周').click()
  await issued.getByRole('button', { name: '查看数据表' }).click()
  await expect.poll(() => issued.locator('tbody tr').count(), { message: 'weeks' }).toBe(26)
  await page.getByRole('heading', { name: '签发漏斗' }).waitFor()
  await operator.inspect('channel-figures')
  await operator.leave()
})

test('risk events are listed by grade, and the same is done to many with an outcome for each', async () => {
  const operator = await Person.signedIn('operator_clerk')
  const { page } = operator
  await operator.open('matters?kind=risk_event&grade=3')
  await page.getByRole('columnheader', { name: '风险等级' }).waitFor()
  const grades = page.locator('tbody tr.ant-table-row')
  const listed = await grades.count()
  expect(listed, 'events of grade 3').toBeGreaterThan(0)
  expect(await grades.filter({ hasText: '三级' }).count()).toBe(listed)
  await operator.open('matters?kind=risk_event')
  await operator.inspect('risk-events')

  await operator.open('matters?ended=false&waits=owner')
  const boxes = page.locator('tbody .ant-table-selection-column input:enabled')
  await boxes.nth(0).focus()
  await page.keyboard.press('Space')
  await boxes.nth(1).check()
  await page.getByText('已选 2 项').waitFor()
  await page.locator('.bulk').getByRole('button', { name: '催办' }).click()
  const dialog = page.getByRole('dialog', { name: '催办' })
  await dialog.getByRole('button', { name: '催办（2 项）' }).click()
  await dialog.getByText('已完成').nth(1).waitFor()
  await operator.inspect('bulk-remind')
  await dialog.locator('.ant-modal-footer').getByRole('button', { name: '关闭' }).click()

  // Whoever was reminded today is not reminded again: the box says so.
  const barred = page.getByRole('checkbox', { name: /今日已催办/ })
  await expect.poll(() => barred.count()).toBeGreaterThanOrEqual(2)
  expect(await barred.first().isDisabled()).toBe(true)
  await operator.inspect('bulk-barred')
  await operator.leave()
})
