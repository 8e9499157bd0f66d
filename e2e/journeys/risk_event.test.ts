import { expect, test } from 'vitest'
import { choose } from '../stage/access'
import { channelNamed, crowd, goTo, hire, now, orgOf, today } from '../stage/office'
import { act, begin } from '../stage/work'
import { pick } from '../stage/menu'

/** `2026-11-25T16:04`, as a field takes a moment in Asia/Shanghai. */
function localMinute(at: Date): string {
  return new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 16)
}

test('an event of grade 2 stops the very next request, is graded by two persons, put right, tested and observed for six months', async () => {
  const channel = await channelNamed()
  const operator = await orgOf('operator', '000000')
  await crowd(1)
  const owner = await hire(channel.owner_id, 'channel_admin')
  const [first, second] = [await hire(operator, 'operator_clerk'), await hire(operator, 'operator_clerk')]

  await owner.open(`channels/${channel.channel_id}`)
  const discovered = localMinute(new Date((await now()).getTime() - 600_000))
  const event = await begin(owner, '安全风险事件', { 发现时间: discovered, 情况说明: '调试日志误写入持卡人姓名，已被外部访问' }, async () => {
    await choose(owner, '事件情形', '数据泄露')
    await owner.inspect('risk-event-open')
  })
  await owner.page.getByText('临时处置，待定级').first().waitFor()
  await expect(crowd(1, 1)).rejects.toThrow('authorization.channel_missing')
  await owner.inspect('risk-event-contained')

  await first.open('inbox')
  await first.page.locator(`tbody a[href$="${event}"]`).click()
  await first.settled()
  await act(first, '提出定级', { 意见或说明: '影响范围有限，未涉及密钥' }, async () => {
    await choose(first, '事由', '一般信息泄露等')
    await first.inspect('risk-event-propose')
  })
  expect(await first.page.getByRole('button', { name: '复核同意' }).count(), 'nobody confirms their own').toBe(0)
  await second.open(`matters/${event}`)
  await act(second, '复核同意', { 意见或说明: '属实，按二级处置' })
  await second.page.getByText('整改中').first().waitFor()
  await second.inspect('risk-event-graded')
  await expect(crowd(1, 1)).rejects.toThrow('authorization.channel_missing')
  await owner.open(`channels/${channel.channel_id}`)
  await owner.inspect('channel-suspended')

  await owner.open(`matters/${event}`)
  await act(owner, '记录事件原因', { 意见或说明: '上线前未关闭调试开关' })
  await act(owner, '提交整改结果', { 意见或说明: '已清除日志，上线脱敏组件并复核访问记录' })
  await first.open(`matters/${event}`)
  await act(first, '复测达标，恢复服务', { 意见或说明: '复测未发现隐患' })
  await first.page.getByText('观察期').first().waitFor()
  await first.page.getByText(await today(6)).first().waitFor()
  await first.inspect('risk-event-observing')
  await crowd(1, 1)
  await first.open(`channels/${channel.channel_id}`)
  await first.inspect('channel-returned')

  await goTo(await today(6, 1))
  await owner.open(`matters/${event}`)
  await owner.page.getByText('已办结').first().waitFor()
  await owner.inspect('risk-event-closed')
  await owner.inspectNarrow('risk-event-closed')
  const saved = owner.page.waitForEvent('download')
  await pick(owner.page.getByRole('button', { name: '存为图片' }), 'PNG')
  expect((await saved).suggestedFilename()).toMatch(/\.png$/)
  await owner.page.getByRole('button', { name: '事件报告' }).click()
  await owner.page.waitForURL(/report$/)
  await owner.settled()
  await owner.inspect('risk-event-report')
  for (const one of [owner, first, second]) await one.leave()
})
