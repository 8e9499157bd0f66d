import { expect, test } from 'vitest'
import { firstDay, goTo, hire, mattersOf, orgOf, reached, register, rehearse, today } from '../stage/office'
import { act } from '../stage/work'

const HANGZHOU = '330100'
const BANK = { name: '西湖演示银行股份有限公司', uscc: '91110000600037341L' }
/** Issued and active, month by month: it falls by more than half each time. */
const DECLINE = [
  [420, 260],
  [150, 90],
  [48, 20],
  [14, 6],
] as const
const RECOVERY = { issued: 130, active_users: 96 }

test('a channel that declines is noticed; three months later one has improved, and another is warned and plans', async () => {
  const [declining, silent] = [await register('西湖手机银行', BANK, HANGZHOU), await register('西湖银行公众号', BANK, HANGZHOU)]
  const owner = await hire(declining.owner_id, 'channel_admin')
  const clerk = await hire(await orgOf('operator', '000000'), 'operator_clerk')

  for (const [issued, active_users] of DECLINE) {
    if ((await mattersOf('monitoring', declining)).length > 0) break
    await rehearse(declining, HANGZHOU, { issued, active_users })
    await goTo(await firstDay(1))
  }
  const monitoring = await reached('monitoring', declining, 'noticed')
  const silence = await reached('monitoring', silent, 'noticed')
  await owner.open('inbox')
  await owner.page.locator(`tbody a[href$="${monitoring}"]`).click()
  await owner.settled()
  await owner.page.getByText('CH-23.1e').first().waitFor()
  await owner.inspect('monitoring-noticed')
  await owner.open(`channels/${declining.channel_id}`)
  await owner.page.locator('.chart svg').first().waitFor()
  await owner.inspect('channel-declining')

  const until = await today(3)
  for (let months = 0; months < 2; months += 1) {
    await rehearse(declining, HANGZHOU, RECOVERY)
    await goTo(await firstDay(1))
  }
  await rehearse(declining, HANGZHOU, RECOVERY)
  await goTo(until)
  expect((await mattersOf('monitoring', declining))[0]?.state, 'the last day of the improvement counts').toBe('noticed')
  await goTo(await today(0, 1))
  await reached('monitoring', declining, 'lifted')
  await owner.open(`matters/${monitoring}`)
  await owner.page.getByText('已解除').first().waitFor()
  await owner.inspect('monitoring-lifted')
  await owner.open(`channels/${declining.channel_id}`)
  await owner.page.locator('.chart svg').first().waitFor()
  await owner.inspect('channel-improved')

  await reached('monitoring', silent, 'warned')
  await owner.open(`matters/${silence}`)
  await owner.inspect('monitoring-warned')
  await act(owner, '提交改进方案', { 意见或说明: '手机银行首页增设入口，网点引导申领' })
  await clerk.open(`matters/${silence}`)
  await act(clerk, '同意改进方案', { 意见或说明: '方案可行' })
  await clerk.page.getByText('改进中').first().waitFor()
  await clerk.inspect('monitoring-improving')
  for (const one of [owner, clerk]) await one.leave()
})
