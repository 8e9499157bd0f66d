import { beginFromMenu } from '../stage/menu'
import { afterAll, expect, test } from 'vitest'
import { choose, put } from '../stage/access'
import { Person } from '../stage/browser'
import { channelNamed, found, hire, register } from '../stage/office'
import { Desk } from '../stage/papers'

const desk = new Desk()

afterAll(() => desk.clear())

test('the form of an application offers only what the rules allow, and shows the conditions while it is filled in', async () => {
  const org = await found({ name: '杭州便民科技有限公司', kind: 'channel_owner', division: '330100', uscc: '91110000600037341L' })
  const owner = await hire(org, 'channel_admin')
  const { page } = owner
  await owner.open('applications/new')
  await owner.inspect('application-empty')

  await page.getByLabel('单位性质').click()
  await page.locator('.ant-select-item').getByText('其他企业').click()
  await page.getByText('渠道类别：社会渠道').waitFor()
  await page.getByRole('heading', { name: '附表2 · 社会渠道补充说明' }).waitFor()

  await page.getByLabel('统一社会信用代码').fill('91110000600037341M')
  await page.getByText('校验位不正确，请核对').waitFor()
  await page.getByLabel('统一社会信用代码').fill('91110000600037341l')
  await expect.poll(() => page.getByLabel('统一社会信用代码').inputValue()).toBe('91110000600037341L')

  await page.getByLabel('渠道形式').click()
  await page.locator('.ant-select-item').getByText('小程序').click()
  await page.getByText('该形式仅支持 H5 接入').waitFor()
  expect(await page.getByRole('radio', { name: 'SDK' }).count()).toBe(0)
  expect(await page.getByRole('radio', { name: 'H5' }).isChecked()).toBe(true)

  await page.getByLabel('现有用户数').fill('999999')
  const users = page.locator('.conditions li', { hasText: '100 万' }).getByRole('img')
  await expect.poll(() => users.getAttribute('aria-label')).toBe('不符合')
  await page.getByLabel('现有用户数').fill('1,000,000')
  await expect.poll(() => users.getAttribute('aria-label')).toBe('符合')
  await owner.inspect('application-social')

  await page.getByRole('radio', { name: '已签署' }).check()
  await page.getByText('渠道类别：全国签约渠道').waitFor()
  expect(await page.getByRole('heading', { name: '附表2 · 社会渠道补充说明' }).count()).toBe(0)
  await owner.leave()
})

test('CH-F1.6: two channels stand on one form, and each becomes an application of its own', async () => {
  const org = await found({ name: '两行科技有限公司', kind: 'channel_owner', division: '330100', uscc: '91350100M000100Y43' })
  const owner = await hire(org, 'channel_admin')
  const { page } = owner
  await owner.open('applications/new')
  await page.getByLabel('渠道名称').first().fill('两行手机应用')
  await page.getByRole('button', { name: '添加一个渠道' }).click()
  const row = page.getByRole('group', { name: '序号 2' })
  await row.getByLabel('渠道名称').fill('两行小程序')
  await row.getByLabel('渠道形式').click()
  await page.locator('.ant-select-item').getByText('小程序').last().click()
  await owner.inspect('application-further')
  await page.getByRole('button', { name: '保存草稿' }).click()
  await page.getByText('已为同一张附表上的 2 个渠道分别建立申请').waitFor()
  await owner.open('matters')
  for (const name of ['两行手机应用', '两行小程序']) await page.getByRole('link', { name }).waitFor()
  await page.getByRole('link', { name: '两行小程序' }).click()
  await owner.settled()
  await page.getByText('小程序', { exact: true }).first().waitFor()
  await owner.leave()
})

test('CH-15.1: the owner of a live channel asks for another region; what changes is seen beside what stays, and service goes on', async () => {
  // Of a channel that came in by the sandbox's short way no forms are known: what they ask is filled in.
  const channel = await register('便民掌上银行', { name: '杭州便民科技有限公司', uscc: '91110000600037341L' }, '330000')
  const owner = await hire(channel.owner_id, 'channel_admin')
  const { page } = owner
  await owner.open(`channels/${channel.channel_id}`)
  await beginFromMenu(page, '变更服务地域或个性化服务')
  await page.getByRole('heading', { name: /^变更申请/ }).waitFor()
  await owner.settled()
  await page.getByText('尚未改变服务地域或服务事项').waitFor()
  await page.getByRole('button', { name: '添加地域' }).click()
  await page.getByLabel('行政区划').last().click()
  await page.keyboard.type('430000')
  await page.locator('.ant-select-dropdown').filter({ visible: true }).locator('.ant-select-item').getByText('430000').first().click()
  await page.getByLabel('自何时在该地运营').last().fill('2020-01-01')
  await page.getByLabel('该地用户数').last().fill('120000')
  await page.getByText('+ 湖南省').waitFor()
  await choose(owner, '单位性质', '银行')
  const texts: Record<string, string> = {
    联系人: '周岚',
    手机号: '13900001234',
    邮箱: 'bank@example.cn',
    现有用户数: '860000',
    面向公众的业务及与社保卡的契合: '社保卡金融账户查询与线下网点预约。',
    自何时在该地运营: '2020-01-01',
    该地用户数: '300000',
  }
  for (const [label, text] of Object.entries(texts)) await page.getByLabel(label).first().fill(text)
  await owner.inspect('change-new')
  await owner.inspectNarrow('change-new')
  await page.getByRole('button', { name: '保存草稿' }).click()
  await page.waitForURL(/applications\/mat_/)
  await owner.settled()
  for (const purpose of ['form_one_sealed', 'test_collection']) await put(owner, purpose, desk.paper(purpose))
  await page.getByRole('button', { name: '提交申请' }).click()
  await page.waitForURL(/portal\/matters\/mat_/)
  await owner.settled()
  const address = new URL(page.url()).pathname.replace('/sandbox/portal/', '')

  const clerk = await Person.signedIn('operator_admin')
  await clerk.open(address)
  await clerk.page.getByText('+ 湖南省').waitFor()
  await clerk.inspect('change-filed')
  await clerk.open(`channels/${channel.channel_id}`)
  await clerk.page.getByText('在网', { exact: true }).first().waitFor()
  await clerk.leave()
  await owner.leave()
})

test('CH-16.3: another contact is told at once, and its wrong fields are named', async () => {
  const channel = await channelNamed('湖滨手机银行')
  const owner = await hire(channel.owner_id, 'channel_admin')
  const { page } = owner
  await owner.open(`channels/${channel.channel_id}`)
  await beginFromMenu(page, '变更联系人')
  const dialog = page.getByRole('dialog')
  for (const [label, text] of Object.entries({ 联系人: '周岚', 手机号: '0571', 邮箱: 'bank@example.cn' })) await dialog.getByLabel(label).fill(text)
  await dialog.getByRole('button', { name: '提交' }).click()
  await dialog.getByText('手机号码格式不正确', { exact: false }).waitFor()
  await owner.inspect('contact-change')
  await dialog.getByLabel('手机号').fill('13900005678')
  await dialog.getByRole('button', { name: '提交' }).click()
  await page.waitForURL(/matters\/mat_/)
  await owner.settled()
  await page.getByText('13900005678').waitFor()
  await owner.leave()
})
