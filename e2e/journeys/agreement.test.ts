import { beginFromMenu, pick } from '../stage/menu'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { act, choose, proven, put, whereIs } from '../stage/access'
import { hire, orgOf, register, today } from '../stage/office'
import { Desk } from '../stage/papers'

const BANK = { name: '模板演示银行股份有限公司', uscc: '91110000600037341L' }
const FUZHOU = '350100'
const FIRST = '电子社会保障卡服务渠道合作协议\n甲方：{{运营机构}}\n乙方：{{单位名称}}（{{统一社会信用代码}}）\n第一条 乙方在{{服务地区}}经“{{渠道名称}}”提供服务。\n第二条 本协议自{{生效日期}}起至{{终止日期}}止。'
const SECOND = FIRST.replace('提供服务。', '提供服务，遵守《电子社会保障卡渠道管理办法》。')

test('CH-9.3e: an agreement is offered from a template that two people put in force, sealed on paper, seen and accepted', async () => {
  const channel = await register('模板手机银行', BANK, FUZHOU)
  const operator = await orgOf('operator', '000000')
  const [writer, reviewer] = [await hire(operator, 'operator_clerk'), await hire(operator, 'operator_admin')]
  const owner = await hire(channel.owner_id, 'channel_admin')
  const desk = new Desk()
  const { page } = writer

  await writer.open('templates')
  await page.getByRole('button', { name: '新建模板' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('模板名称').fill('银行渠道合作协议')
  await dialog.getByLabel('模板文本').fill(`${FIRST}{{乙方}}`)
  await dialog.getByLabel('本版说明').fill('2026年版')
  await dialog.getByRole('button', { name: '保存草稿' }).click()
  await dialog.getByText('不认识的占位符“乙方”').first().waitFor()
  await dialog.getByLabel('模板文本').fill(FIRST)
  await choose(writer, '预览用渠道', channel.name, channel.name)
  await dialog.getByRole('button', { name: '预览' }).click()
  await dialog.getByText('此处没有内容的占位符：生效日期、终止日期').waitFor()
  expect(await dialog.getByRole('region', { name: '填写后的文本' }).innerText()).toContain(BANK.name)
  await writer.inspect('template-editor')
  await dialog.getByRole('button', { name: '保存草稿' }).click()
  await page.waitForURL(/templates\/agt_/)
  await writer.settled()
  const template = whereIs(writer)
  expect(await page.getByRole('button', { name: '复核生效' }).count(), 'nobody reviews their own').toBe(0)

  const approve = async () => {
    await reviewer.open(template)
    await reviewer.page.getByRole('button', { name: '复核生效' }).click()
    const asked = reviewer.page.getByRole('dialog')
    await asked.getByLabel('理由').fill('法务已审核')
    await asked.getByRole('button', { name: '提交' }).click()
    await proven(reviewer, reviewer.page.locator('.ant-message-success'))
    await reviewer.settled()
  }
  await approve()
  await writer.open(template)
  await page.getByRole('button', { name: '起草新版本' }).click()
  await dialog.getByLabel('模板文本').fill(SECOND)
  await dialog.getByLabel('本版说明').fill('写明适用的办法')
  await dialog.getByRole('button', { name: '保存草稿' }).click()
  await page.getByRole('heading', { name: '版本差异' }).waitFor()
  await writer.settled()
  await writer.inspect('template')
  await writer.inspectNarrow('template')
  await approve()
  await writer.open('templates')
  await page.getByText('第 2 版').first().waitFor()
  await writer.inspect('templates')

  await writer.open(`channels/${channel.channel_id}`)
  await beginFromMenu(page, '合作协议')
  const offer = page.getByRole('dialog')
  await choose(writer, '协议模板', '银行渠道合作协议')
  await offer.getByLabel('首日').fill(await today())
  await offer.getByLabel('末日').fill(await today(36))
  const filled = offer.getByRole('region', { name: '填写后的文本' })
  await filled.getByText('遵守《电子社会保障卡渠道管理办法》').waitFor()
  await expect.poll(() => filled.innerText()).not.toContain('{{')
  await writer.inspect('agreement-offer')
  await offer.getByRole('button', { name: '提交' }).click()
  await page.waitForURL(/matters\/mat_/)
  await writer.settled()
  const matter = whereIs(writer)

  await owner.open(matter)
  const [saved] = await Promise.all([
    owner.page.waitForEvent('download'),
    owner.page.locator('.page-actions').getByRole('button', { name: '下载 PDF' }).click(),
  ])
  expect(readFileSync(await saved.path()).subarray(0, 5).toString()).toBe('%PDF-')
  await act(owner, '提交盖章扫描件', async () => {
    await put(owner, 'stamped_scan', desk.paper('盖章协议'))
    await owner.inspect('agreement-file-paper')
  })
  await owner.page.getByText('核对盖章扫描件').first().waitFor()
  await owner.inspect('agreement-paper-filed')

  await writer.open(matter)
  await act(writer, '确认纸质签署', async () => {
    await page.getByRole('dialog').getByLabel('查验纸质原件的日期').fill(await today())
    await writer.inspect('agreement-accept-paper')
  })
  await page.getByText('生效中').first().waitFor()
  await page.getByText('这不是电子签名').waitFor()
  await writer.inspect('agreement-paper')
  await writer.inspectNarrow('agreement-paper')

  await writer.open('matters')
  await pick(page.getByRole('button', { name: '导出' }), /PDF/)
  await page.getByRole('dialog').getByText('A4 横向 PDF，最多 5,000 行').waitFor()
  await writer.inspect('export-pdf')
  await page.getByRole('button', { name: '生成全部行（pdf）' }).click()
  await proven(writer, page.getByRole('link', { name: '下载' }))
  for (const one of [writer, reviewer, owner]) await one.leave()
})
