import { beginFromMenu } from '../stage/menu'
import { expect, test } from 'vitest'
import { choose } from '../stage/access'
import { addKey, goTo, hire, mattersOf, orgOf, register, today } from '../stage/office'

const BANK = { name: '群发演示银行股份有限公司', uscc: '91110000600037341L' }
const FUZHOU = '350100'

test('a notice goes to several channels as one sending, which knows who has acknowledged it and reminds the others', async () => {
  const [quick, slow] = [await register('鼓楼手机银行', BANK, FUZHOU), await register('鼓楼银行公众号', BANK, FUZHOU)]
  const owner = await hire(quick.owner_id, 'channel_admin')
  const clerk = await hire(await orgOf('operator', '000000'), 'operator_clerk')
  const { page } = clerk
  await clerk.open('sendings')
  await clerk.inspect('sendings')
  await clerk.inspectNarrow('sendings')

  await beginFromMenu(page, '平台通知')
  const dialog = page.getByRole('dialog')
  for (const channel of [quick, slow]) await choose(clerk, '指定渠道', channel.name, channel.name)
  await dialog.getByRole('button', { name: '预览' }).click()
  await dialog.getByText('必填').first().waitFor()
  await choose(clerk, '主题', '停机维护')
  await dialog.getByLabel('标题').fill('今晚停机运维')
  await dialog.getByLabel('内容', { exact: true }).fill('今晚零时至二时停机，请提前告知持卡人。')
  await dialog.getByLabel('确认截止日').fill(await today(0, 3))
  await dialog.getByRole('button', { name: '预览' }).click()
  const reached = await dialog.getByTestId('reached').textContent()
  expect(reached).toContain('2 个渠道')
  expect(reached).toContain(slow.name)
  expect(await mattersOf('notice', slow), 'a preview sends nothing').toEqual([])
  await clerk.inspect('sending-preview')
  await clerk.inspectNarrow('sending-preview')
  await dialog.getByRole('button', { name: '发送通知' }).click()
  await page.waitForURL(/sendings\/snd_/)
  await clerk.settled()
  await page.getByText('0 / 2 个渠道').first().waitFor()

  await owner.open(`matters/${(await mattersOf('notice', quick))[0]?.matter_id}`)
  await owner.page.locator('.action-bar').getByRole('button', { name: '确认收到' }).click()
  await owner.page.getByRole('dialog').getByRole('button', { name: '确认收到' }).click()
  await owner.page.locator('.ant-message-success').waitFor()
  await owner.leave()

  await page.reload()
  await clerk.settled()
  await page.getByText('1 / 2 个渠道').first().waitFor()
  await page.getByRole('button', { name: '催办未答复的 1 个渠道' }).click()
  await page.getByText('已催办 1 个渠道').waitFor()
  await page.getByRole('row', { name: slow.name }).getByText('本次已催办').waitFor()
  await expect.poll(() => page.getByRole('button', { name: /催办未答复/ }).count(), { message: 'once a day' }).toBe(0)
  await clerk.inspect('sending')
  await clerk.inspectNarrow('sending')
  await clerk.leave()
})

test('a planned notice waits with a countdown, can be taken back, and otherwise begins by itself at its moment', async () => {
  const channel = await register('台江手机银行', BANK, FUZHOU)
  const clerk = await hire(await orgOf('operator', '000000'), 'operator_clerk')
  const { page } = clerk
  const plan = async (subject: string, day: string) => {
    await clerk.open('sendings')
    await beginFromMenu(page, '平台通知')
    const dialog = page.getByRole('dialog')
    await choose(clerk, '指定渠道', channel.name, channel.name)
    await dialog.getByLabel('定时发送').fill(`${day}T08:00`)
    await choose(clerk, '主题', '停机维护')
    await dialog.getByLabel('标题').fill(subject)
    await dialog.getByLabel('内容', { exact: true }).fill('国庆期间停机，请提前告知持卡人。')
    await dialog.getByLabel('确认截止日').fill(await today(0, 9))
    await dialog.getByRole('button', { name: '发送通知' }).click()
    await page.waitForURL(/sendings\/snd_/)
    await clerk.settled()
    await page.getByText('待发送', { exact: true }).waitFor()
  }
  await plan('第一次安排', await today(0, 2))
  await page.locator('.countdown-left').waitFor()
  await clerk.inspect('sending-planned')
  await clerk.inspectNarrow('sending-planned')
  await page.getByRole('button', { name: '取消发送' }).click()
  const question = page.getByRole('dialog')
  await question.getByText('将不再于').waitFor()
  await question.getByRole('button', { name: '取消发送' }).click()
  await page.getByText('已取消', { exact: true }).waitFor()

  await plan('第二次安排', await today(0, 2))
  const address = page.url()
  await goTo(await today(0, 2))
  await expect.poll(async () => (await mattersOf('notice', channel)).length, { message: 'it begins by itself', timeout: 30_000 }).toBe(1)
  await page.goto(address)
  await clerk.settled()
  await page.getByText('0 / 1 个渠道').first().waitFor()
  await clerk.open('sendings')
  await page.getByRole('row', { name: '第一次安排' }).getByText('已取消').waitFor()
  await page.getByRole('row', { name: '第二次安排' }).getByText('已发送').waitFor()
  await clerk.leave()
})

test('a rotation of keys is asked of several channels, leaves out who has none, and is answered by their keys', async () => {
  const [quick, slow, without] = [
    await register('晋安手机银行', BANK, FUZHOU),
    await register('晋安银行公众号', BANK, FUZHOU),
    await register('晋安银行小程序', BANK, FUZHOU),
  ]
  for (const channel of [quick, slow]) await addKey(channel)
  const owner = await hire(quick.owner_id, 'channel_admin')
  const clerk = await hire(await orgOf('operator', '000000'), 'operator_clerk')
  const { page } = clerk
  await clerk.open('sendings')
  await beginFromMenu(page, '密钥轮换')
  const dialog = page.getByRole('dialog')
  for (const channel of [quick, slow, without]) await choose(clerk, '指定渠道', channel.name, channel.name)
  await choose(clerk, '用途', '验签')
  await dialog.getByLabel('标题').fill('年度密钥轮换')
  await dialog.getByLabel('原因').fill('密钥已使用满两年，请更换。')
  await dialog.getByLabel('轮换期限').fill(await today(0, 10))
  await dialog.getByRole('button', { name: '预览' }).click()
  expect(await dialog.getByTestId('reached').textContent()).toContain('2 个渠道')
  await dialog.getByText(`没有该用途的有效密钥，或已在轮换，不发送：${without.name}`).waitFor()
  expect(await mattersOf('key_rotation', slow), 'a preview asks nobody').toEqual([])
  await clerk.inspect('rotation-preview')
  await clerk.inspectNarrow('rotation-preview')
  await dialog.getByRole('button', { name: '发送通知' }).click()
  await page.waitForURL(/sendings\/snd_/)
  await clerk.settled()
  await page.getByText('0 / 2 个渠道').first().waitFor()
  await page.getByRole('row', { name: slow.name }).getByText('未开始').waitFor()
  const address = page.url()

  await owner.open(`channels/${quick.channel_id}`)
  await owner.page.getByText('验签密钥应于').waitFor()
  await owner.page.locator('.rotation .countdown-left').getByText('10').waitFor()
  await owner.page.getByRole('button', { name: '申请更换密钥' }).waitFor()
  await owner.inspect('rotation-channel')
  await owner.inspectNarrow('rotation-channel')
  await owner.page.getByRole('button', { name: '申请更换密钥' }).click()
  await choose(owner, '用途', '验签')
  await owner.page.getByRole('dialog').getByLabel('密钥名称').fill('二号密钥')
  await owner.page.getByRole('dialog').getByRole('button', { name: '提交' }).click()
  await owner.page.waitForURL(/matters\/mat_/)
  await page.reload()
  await clerk.settled()
  await page.getByRole('row', { name: quick.name }).getByText('待渠道签署').waitFor()

  await addKey(quick)
  await page.goto(address)
  await clerk.settled()
  await page.getByText('1 / 2 个渠道').first().waitFor()
  await page.getByRole('row', { name: quick.name }).getByText('新旧并用').waitFor()
  await page.getByRole('button', { name: '催办未答复的 1 个渠道' }).waitFor()
  await clerk.inspect('rotation')
  await clerk.inspectNarrow('rotation')
  await owner.open(`channels/${quick.channel_id}`)
  await expect.poll(() => owner.page.getByText('验签密钥应于').count(), { message: 'nothing is asked any more' }).toBe(0)
  await owner.leave()

  await goTo(await today(0, 11))
  await page.goto(address)
  await clerk.settled()
  await expect
    .poll(async () => {
      await page.reload()
      await clerk.settled()
      return page.getByRole('row', { name: slow.name }).getByText('逾期未轮换').count()
    }, { timeout: 30_000, message: 'late, and nothing else' })
    .toBe(1)
  await clerk.inspect('rotation-late')
  await clerk.leave()
})
