import { expect, test } from 'vitest'
import { act as carryOut, choose, put, whereIs } from '../stage/access'
import type { Person } from '../stage/browser'
import { channelNamed, crowd, hire, orgOf, today } from '../stage/office'
import { Desk } from '../stage/papers'
import { act, begin } from '../stage/work'

const SERVICE = '电子社保卡签发'

/** Fills in what is wrong in the dialog that is open, and orders it; stands on the matter's page then. */
async function order(region: Person, words: string, inspected: string, isSuspended: boolean): Promise<string> {
  const dialog = region.page.getByRole('dialog')
  await dialog.getByLabel('问题与整改要求').fill(words)
  await dialog.getByLabel('整改期限（日）').fill('10')
  if (isSuspended) await dialog.getByLabel('立即暂停该项服务').check()
  await region.inspect(inspected)
  await dialog.getByRole('button', { name: '责令整改' }).click()
  await region.page.waitForURL(/matters\/mat_/)
  await region.settled()
  return whereIs(region)
}

test('ND-3.5e: a region has a service put right: suspended from the next request on, answered with proof, accepted, and it goes on', async () => {
  const channel = await channelNamed()
  await crowd(1)
  const region = await hire(await orgOf('prefecture', '330100'), 'region_admin')
  const owner = await hire(channel.owner_id, 'channel_admin')
  const desk = new Desk()

  await region.open('openings?state=open&q=演示渠道')
  const row = region.page.locator('tbody tr', { hasText: SERVICE }).first()
  await row.getByRole('button', { name: /责令整改/ }).click()
  const matter = await order(region, '签发页面未按规范提示用户，存在误导', 'rectification-order', true)
  await region.page.getByText('该项服务已暂停').first().waitFor()
  await region.page.getByText(await today(0, 10)).first().waitFor()
  await region.inspect('rectification-ordered')
  await region.inspectNarrow('rectification-ordered')
  await expect(crowd(1, 1)).rejects.toThrow('authorization.department_suspended')
  await region.open('openings?state=suspended&q=演示渠道')
  await region.page.locator('tbody').getByText('已暂停').first().waitFor()
  await region.inspect('openings-suspended')

  await owner.open(`channels/${channel.channel_id}`)
  await owner.page.getByRole('list', { name: '属地暂停的服务' }).waitFor()
  await owner.inspect('channel-opening-suspended')
  await owner.open('inbox')
  await owner.page.locator(`tbody a[href$="${matter}"]`).click()
  await owner.settled()
  expect(await owner.page.locator('.action-bar').getByRole('button', { name: '验收通过' }).count(), 'nobody accepts their own').toBe(0)
  await carryOut(owner, '提交整改结果', async () => {
    await put(owner, 'rectification', desk.paper('整改报告'))
    await owner.inspect('rectification-answer')
  })
  await owner.page.getByText('待属地验收').first().waitFor()
  await owner.inspect('rectification-answered')
  await expect(crowd(1, 1)).rejects.toThrow('authorization.department_suspended')

  await region.open(matter)
  await act(region, '验收通过', { 意见或说明: '现场复核，页面已按规范提示' })
  await region.page.getByText('验收通过').first().waitFor()
  await region.inspect('rectification-accepted')
  await crowd(1, 1)

  await owner.open(`channels/${channel.channel_id}`)
  const discovered = new Date(Date.parse(`${await today()}T00:00:00Z`)).toISOString().slice(0, 16)
  await begin(owner, '安全风险事件', { 发现时间: discovered, 情况说明: '接口被越权查询' }, async () => {
    await choose(owner, '事件情形', '违规使用')
  })
  await region.open('')
  const hint = region.page.locator('.late li', { hasText: '演示渠道' })
  await hint.getByRole('button', { name: /责令整改/ }).click()
  await order(region, '接口调用须限定用途并留痕', 'rectification-order-from-hint', false)
  await region.open('')
  await hint.getByText('1 项正在整改').waitFor()
  await region.inspect('region-overview-under-way')
  for (const one of [owner, region]) await one.leave()
})
