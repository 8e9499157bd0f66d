import { afterAll, expect, test } from 'vitest'
import { choose, decide, put, whereIs } from '../stage/access'
import { Person } from '../stage/browser'
import { beginFromMenu, pick } from '../stage/menu'
import { hire, register } from '../stage/office'
import { Desk } from '../stage/papers'

const desk = new Desk()
const SERVICE = '就业信息查询'
const PURPOSE = 'service_form_query_employment'

afterAll(() => desk.clear())

test('CH-F1.12: the operator publishes the form of a personalised service, replaces it, and every version stays', async () => {
  const operator = await Person.signedIn('operator_admin')
  const { page } = operator
  await operator.open('services')
  await operator.settled()
  const menu = () => page.getByRole('button', { name: `申请表：${SERVICE}` })
  const row = () => page.getByRole('row', { name: new RegExp(SERVICE) })
  await pick(menu(), '发布申请表')
  const dialog = page.getByRole('dialog', { name: `发布申请表：${SERVICE}` })
  await dialog.getByRole('button', { name: '提交', exact: true }).click()
  await dialog.locator('.ant-form-item-explain-error').waitFor()
  await dialog.locator('input[type=file]').setInputFiles(desk.paper('就业信息查询申请表'))
  await dialog.getByText('就业信息查询申请表.pdf').waitFor()
  await operator.inspect('service-form-publish')
  await dialog.getByRole('button', { name: '提交', exact: true }).click()
  await row().getByRole('link', { name: /^第 1 版/ }).waitFor()

  await pick(menu(), '更换申请表')
  const next = page.getByRole('dialog', { name: `更换申请表：${SERVICE}` })
  await next.locator('input[type=file]').setInputFiles(desk.paper('就业信息查询申请表（修订）'))
  await next.getByRole('button', { name: '提交', exact: true }).click()
  await row().getByRole('link', { name: /^第 2 版/ }).waitFor()
  await operator.inspect('services')
  await operator.inspectNarrow('services')

  await pick(menu(), '历次版本')
  const versions = page.getByRole('dialog', { name: `历次版本：${SERVICE}` })
  await versions.getByText('已更换').waitFor()
  expect(await versions.getByRole('link').count()).toBe(2)
  await operator.inspect('service-form-versions')
  await operator.leave()
})

test('CH-F1.12: an application for the service brings the form filled in, and a reviewer may send it back for it', async () => {
  const channel = await register('湖山手机银行', { name: '湖山银行股份有限公司', uscc: '91110000600037341L' }, '330000')
  const owner = await hire(channel.owner_id, 'channel_admin')
  const { page } = owner
  await owner.open('services')
  await page.getByRole('row', { name: new RegExp(SERVICE) }).getByRole('link', { name: /^第 2 版/ }).waitFor()
  await owner.open(`channels/${channel.channel_id}`)
  await beginFromMenu(page, '变更服务地域或个性化服务')
  await page.getByRole('heading', { name: /^变更申请/ }).waitFor()
  await owner.settled()
  await choose(owner, '单位性质', '银行')
  await choose(owner, '业务所需事项', SERVICE, SERVICE)
  const place = page.getByRole('group', { name: /^个性化服务申请表/ })
  await place.getByRole('link', { name: /^空白表第 2 版/ }).waitFor()
  const texts: Record<string, string> = {
    联系人: '周岚',
    手机号: '13900001234',
    邮箱: 'bank@example.cn',
    现有用户数: '860000',
    面向公众的业务及与社保卡的契合: '社保卡金融账户查询与就业服务。',
    自何时在该地运营: '2020-01-01',
    该地用户数: '300000',
  }
  for (const [label, text] of Object.entries(texts)) await page.getByLabel(label).first().fill(text)
  await page.getByRole('button', { name: '保存草稿' }).click()
  await page.waitForURL(/applications\/mat_/)
  await owner.settled()
  for (const purpose of ['form_one_sealed', 'test_collection']) await put(owner, purpose, desk.paper(purpose))
  await page.getByRole('button', { name: '提交申请' }).click()
  await place.locator('.ant-form-item-explain-error').getByText('该个性化服务有专用申请表').waitFor()
  await owner.inspect('service-form-missing')
  await put(owner, PURPOSE, desk.paper('就业信息查询申请表（已填写）'))
  await owner.inspect('service-form-filled')
  await owner.inspectNarrow('service-form-filled')
  await page.getByRole('button', { name: '提交申请' }).click()
  await page.waitForURL(/portal\/matters\/mat_/)
  await owner.settled()
  const application = whereIs(owner)

  const province = await Person.named('zhejiang')
  await province.open(application)
  await province.settled()
  const panel = province.page.locator('section', { has: province.page.getByRole('heading', { name: '个性化服务申请表' }) })
  await panel.getByRole('link', { name: '就业信息查询申请表（已填写）.pdf' }).waitFor()
  await panel.getByRole('link', { name: '空白表第 2 版' }).waitFor()
  await province.inspect('service-form-reviewed')
  await decide(province, application, '退回补正', async () => {
    await province.page.getByRole('dialog').getByRole('button', { name: '添加一项' }).click()
    await choose(province, '填写项', `申请表 · ${SERVICE}`, '申请表')
    await province.page.getByRole('dialog').getByLabel('补正要求').fill('请写明查询的就业信息项')
  })
  await owner.open(application.replace('matters', 'applications'))
  await owner.settled()
  await place.locator('.ant-form-item-explain-error').getByText('请写明查询的就业信息项').waitFor()
  await owner.inspect('service-form-returned')
  await province.leave()
  await owner.leave()
})
