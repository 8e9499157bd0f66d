import { expect, test } from 'vitest'
import { choose } from '../stage/access'
import { channelNamed, crowd, goTo, hire, orgOf, reached, today } from '../stage/office'
import { Desk } from '../stage/papers'
import { act, begin } from '../stage/work'

const CATEGORIES = ['identity', 'contact', 'biometric', 'credential', 'usage', 'backup']

test('a channel leaves: two months ahead, the province asked, announced for fifteen days, closed, its data certified as deleted', async () => {
  const channel = await channelNamed()
  const owner = await hire(channel.owner_id, 'channel_admin')
  const ministry = await hire(await orgOf('ministry', '000000'), 'ministry_reviewer')
  const province = await hire(await orgOf('province', '330000'), 'region_admin')
  const clerk = await hire(await orgOf('operator', '000000'), 'operator_clerk')

  const earliest = await today(2)
  await owner.open(`channels/${channel.channel_id}`)
  await owner.page.getByRole('button', { name: '发起办理' }).click()
  await owner.page.getByRole('menuitem', { name: '渠道退出', exact: true }).click()
  const dialog = owner.page.getByRole('dialog')
  await dialog.getByLabel('计划关闭日期').fill(await today(2, -1))
  await dialog.getByLabel('退出原因').fill('业务并入上级平台')
  await dialog.getByRole('button', { name: '提交' }).click()
  await dialog.getByText(`最早可计划于${earliest}关闭`, { exact: false }).first().waitFor()
  await owner.inspect('exit-too-soon')
  await dialog.getByRole('button', { name: '取消' }).click()
  const exit = await begin(owner, '渠道退出', { 计划关闭日期: earliest, 退出原因: '业务并入上级平台' })

  await ministry.open(`matters/${exit}`)
  await act(ministry, '征求省级意见', { 截止日: await today(0, 14) })
  await province.open('inbox')
  await province.page.locator(`tbody a[href$="${exit}"]`).click()
  await province.settled()
  await act(province, '反馈意见', { 意见或说明: '无意见，请引导持卡人' }, () => choose(province, '意见', '同意'))
  await ministry.open(`matters/${exit}`)
  await ministry.inspect('exit-consulted')
  await act(ministry, '审核同意', { 意见或说明: '同意退出' })
  await clerk.open(`matters/${exit}`)
  await act(clerk, '通知渠道，进入过渡期')
  await clerk.page.getByText('退出过渡期').first().waitFor()
  await expect(crowd(1), 'no new holders').rejects.toThrow('channel.leaving')

  await owner.open(`matters/${exit}`)
  const announced = { 公告链接: 'https://example.cn/exit', 公告开始日期: await today(), 公告结束日期: await today(0, 20) }
  await act(owner, '填报退出公告', announced)
  await owner.inspect('exit-transition')
  await goTo(earliest)
  expect((await channelNamed()).phase, 'on its last day it serves').toBe('leaving')
  await goTo(await today(0, 1))
  await reached('exit', channel, 'deleting')
  await expect(crowd(1)).rejects.toThrow('401')

  await owner.open(`matters/${exit}`)
  const statement = { statement: '全部原始信息已删除，未作保留', signed_by: '信息安全负责人' }
  const document = JSON.stringify({ channel: channel.number, exit, deleted_on: await today(), categories: CATEGORIES, ...statement })
  const desk = new Desk()
  desk.key('owner')
  const signed = desk.read(desk.signed(desk.keep('deletion.json', document), 'owner'))
  const { public_key, signature } = JSON.parse(signed) as { public_key: string; signature: string }
  desk.clear()
  await act(owner, '提交数据删除证明', { '证明文本（JSON）': document, '公钥（十六进制）': public_key, '签名（十六进制）': signature })
  await owner.page.getByText('删除证明待核验').first().waitFor()
  await clerk.open(`matters/${exit}`)
  await clerk.inspect('exit-certified')
  await act(clerk, '核验通过，办结', { 意见或说明: '公钥指纹已核对' })
  await clerk.page.getByText('已办结').first().waitFor()
  await clerk.open(`channels/${channel.channel_id}`)
  await clerk.page.getByText('已退出').first().waitFor()
  await clerk.inspect('channel-exited')
  for (const one of [owner, ministry, province, clerk]) await one.leave()
})
