import { beginFromMenu } from '../stage/menu'
import { afterAll, expect, test } from 'vitest'
import { act, agree, agreement, choose, decide, formal, proven, put, report, tickAll, whereIs } from '../stage/access'
import { Person } from '../stage/browser'
import { Desk } from '../stage/papers'

const desk = new Desk()

afterAll(() => desk.clear())

const COMPANY = {
  机构名称: '民生通演示科技有限公司',
  统一社会信用代码: '91350100M000100Y43',
  法定代表人: '赵敏',
  成立日期: '2015-06-01',
  渠道面向公众的业务: '面向城市居民提供社保查询、就医缴费等民生服务。',
  姓名: '陈晓明',
  手机号: '13812341234',
  邮箱: 'channel@example.cn',
}

/** 附表1 and 附表2 of a social channel in 杭州, but for the class of its owner. */
async function fillIn(owner: Person): Promise<void> {
  const { page } = owner
  await choose(owner, '单位性质', '其他企业')
  const texts: Record<string, string> = {
    统一社会信用代码: '91350100M000100Y43',
    联系人: '陈晓明',
    手机号: '13812341234',
    邮箱: 'channel@example.cn',
    渠道名称: '民生通',
    现有用户数: '2400000',
    面向公众的业务及与社保卡的契合: '面向城市居民提供社保查询、就医缴费等民生服务。',
    自何时在该地运营: '2020-03-01',
    该地用户数: '1200000',
    注册地址: '杭州市西湖区文三路',
    注册用户数: '2600000',
    月活跃用户数: '480000',
    下载地址: 'https://example.cn/app',
    覆盖地域: '浙江省',
    用户人群: '城市居民',
    公司材料: '高新技术企业，信息安全管理体系认证。',
    渠道介绍: '城市生活服务平台。',
    契合度: '以民生服务为主，与社保卡用卡场景一致。',
    应用拓展规划: '图书馆借阅、交通出行。',
    承诺年度签发量: '500000',
    承诺月活跃用户数: '100000',
  }
  for (const [label, text] of Object.entries(texts)) await page.getByLabel(label).first().fill(text)
  await choose(owner, '渠道形式', 'APP')
  await page.getByRole('radio', { name: 'SDK' }).check()
  await page.getByRole('radio', { name: '通用性渠道' }).check()
  await choose(owner, '行政区划', '330100', '330100')
  await page.locator('input[data-purpose="forms-channel-test_keys"]').setInputFiles(desk.key('test'))
}

let owner: Person
let prefecture: Person
let province: Person
let clerk: Person
/** The addresses of the application and of the security report. */
let application = ''
let tested = ''

test('CH-7.1, CH-16.2: its company has no account: it registers itself, one administrator confirms, another opens the account', async () => {
  const visitor = await Person.arrive()
  await visitor.open('register')
  await visitor.inspect('register')
  const { page: form } = visitor
  await form.getByRole('button', { name: '提交注册' }).click()
  await form.getByText('必填').first().waitFor()
  for (const [label, text] of Object.entries(COMPANY)) await form.getByLabel(label, { exact: true }).first().fill(text)
  await choose(visitor, '注册地', '330100', '330100')
  await choose(visitor, '渠道类别', '社会渠道')
  await form.getByText('现有用户不低于 100 万').waitFor()
  await form.getByLabel('统一社会信用代码').fill('91350100M000100Y44')
  await form.getByText('校验位不正确').waitFor()
  await form.getByLabel('统一社会信用代码').fill('91350100M000100Y43')
  await visitor.inspectNarrow('register-filled')
  await form.getByRole('button', { name: '提交注册' }).click()
  const receipt = await form.getByTestId('receipt').innerText()
  await visitor.inspect('register-receipt')
  await form.getByLabel('回执').fill(receipt)
  await form.getByRole('button', { name: '查询' }).click()
  await form.getByText('待核实').waitFor()

  const admin = await Person.signedIn('operator_admin')
  await admin.open('inbox')
  await admin.page.getByRole('link', { name: /件单位注册待办/ }).click()
  await admin.settled()
  await admin.inspect('registrations')
  await admin.page.getByRole('button', { name: '核实通过' }).click()
  const asked = admin.page.getByRole('dialog', { name: /^核实通过/ })
  await asked.getByText('138****1234').waitFor()
  await asked.getByLabel('查看理由').fill('核实联系人身份')
  await asked.getByRole('button', { name: '查看联系人' }).click()
  await proven(admin, asked.getByText('13812341234'))
  await admin.inspect('registration-confirm')
  await admin.page.getByRole('dialog').getByRole('button', { name: '核实通过' }).click()
  await admin.page.getByText('没有符合条件的记录').waitFor()

  const security = await Person.signedIn('security_admin')
  await security.open('registrations')
  await security.page.getByRole('button', { name: '开立账户' }).click()
  await security.page.getByRole('dialog').getByLabel('用户名').fill('minsheng')
  await security.inspect('registration-open')
  await security.page.getByRole('dialog').getByRole('button', { name: '开立账户' }).click()
  const secret = await security.page.getByRole('dialog').locator('.secret').innerText()
  await security.page.getByRole('button', { name: '我已妥善保存' }).click()
  await security.page.getByText('已开立').first().waitFor()

  await form.getByRole('button', { name: '查询' }).click()
  await form.getByText('账户已开立').waitFor()
  await visitor.inspect('register-opened')
  owner = visitor
  await owner.begin('minsheng', secret)
  await expect.poll(() => owner.page.getByTestId('scope').innerText()).toContain('民生通演示科技有限公司')
  await admin.leave()
  await security.leave()
})

test('CH-9.1: a social channel files its draft with every paper, is reviewed by prefecture, province and ministry, and gets a number', async () => {
  const { page } = owner
  await owner.open('applications/new')
  await page.getByText('赵敏').waitFor()
  await fillIn(owner)
  // CH-F2.3: what the company has stated is not typed again.
  expect(await page.getByLabel('注册时间').inputValue()).toBe('2015-06-01')
  await page.getByRole('button', { name: '保存草稿' }).click()
  await page.waitForURL(/applications\/mat_/)
  await owner.settled()
  application = whereIs(owner).replace('applications', 'matters')

  // Without its papers it is refused, and the page says which is missing where.
  await page.getByRole('button', { name: '提交申请' }).click()
  await page.locator('.slots .ant-form-item-explain-error').getByText('请上传加盖公章的附表1扫描件').waitFor()
  for (const purpose of ['form_one_sealed', 'test_collection', 'licence', 'entry_sketch']) {
    await put(owner, purpose, desk.paper(purpose))
  }
  await owner.inspect('application-files')
  await page.getByRole('button', { name: '提交申请' }).click()
  await page.waitForURL(/portal\/matters\/mat_/)
  await owner.settled()
  await page.getByText('测试入网初审').first().waitFor()

  prefecture = await Person.signedIn('region_admin')
  await prefecture.open('inbox')
  await prefecture.page.locator('tbody a', { hasText: '民生通' }).first().waitFor()
  await agree(prefecture, application)
  province = await Person.named('zhejiang')
  await agree(province, application)
  await province.inspect('application-reviewed')
  const ministry = await Person.named('ministry-one')
  await decide(ministry, application, '审核通过')
  clerk = await Person.named('clerk-one')
  await decide(clerk, application, '分配渠道编号和测试密钥')
  await clerk.page.getByText('测试中').first().waitFor()
  await decide(clerk, application, '测试验证通过')
  await ministry.leave()
})

test('CH-9.3a: it files two recordings with their steps, a security report and its keys; what is missing is said at its field', async () => {
  const { page } = owner
  await owner.open(application)
  await page.getByRole('button', { name: '提交正式入网申请' }).click()
  await page.waitForURL(/\/formal$/)
  await owner.settled()
  tested = await report(owner, desk, true)
  // A film whose second part does not get through is given up for now; chosen again it goes on where it stopped.
  const second = /content\?offset=1048576$/
  await page.route(second, () => undefined)
  await page.locator('input[data-purpose="recording_ios"]').setInputFiles(desk.film('ios-录屏', 2))
  await page.getByText('正在上传').waitFor()
  await page.getByRole('button', { name: '取消' }).click()
  await page.getByText('已接收 49%').waitFor()
  await page.unroute(second)
  await formal(owner, desk)
  expect(await page.getByText('已接收').count()).toBe(0)
  await page.getByRole('button', { name: '保存草稿' }).click()
  await page.getByText('草稿已保存').waitFor()
  await owner.inspect('application-formal')
  await page.locator('.marks input').first().fill('')
  await page.getByRole('button', { name: '提交正式入网申请' }).click()
  await page.locator('.marks .ant-form-item-explain-error').getByText('录屏须包含六个环节').waitFor()
  await page.locator('.marks input').first().fill('0:04')
  await page.getByRole('button', { name: '提交正式入网申请' }).click()
  await page.waitForURL(/portal\/matters\/mat_/)
  await owner.settled()

})

test('CH-9.3b to CH-9.3d: the report is accepted, and every department reviews again beside films and report', async () => {
  await clerk.open(tested)
  await clerk.inspect('security-report-filed')
  await act(clerk, '审核通过', () => tickAll(clerk))
  await agree(prefecture, application)
  await agree(province, application)
  const second = await Person.named('ministry-two')
  await decide(second, application, '审核通过')
  await decide(clerk, application, '录屏验证通过', async () => {
    await tickAll(clerk)
    await clerk.inspect('application-recordings')
  })
  await decide(clerk, application, '安全检测报告审核通过')
  await second.leave()
})

/** CH-16.1, CH-16.3: whom to call now and before, in clear to the owner and on asking to the operator. */
async function contact(operator: Person, channel: string): Promise<void> {
  await owner.open(channel)
  const own = owner.page.locator('section', { has: owner.page.getByRole('heading', { name: '渠道联系人' }) })
  await own.getByText('13812341234').waitFor()
  await beginFromMenu(owner.page, '变更联系人')
  const asked = owner.page.getByRole('dialog')
  for (const [label, text] of Object.entries({ 联系人: '李蕾', 手机号: '13912345678', 邮箱: 'li@example.cn' })) await asked.getByLabel(label).fill(text)
  await asked.getByRole('button', { name: '提交' }).click()
  await owner.page.waitForURL(/portal\/matters\/mat_/)
  await owner.open(channel)
  await own.getByText('历任联系人').waitFor()
  await own.getByText('未验证', { exact: true }).waitFor()
  await owner.inspect('channel-contact-owner')
  await operator.open(channel)
  const seen = operator.page.locator('section', { has: operator.page.getByRole('heading', { name: '渠道联系人' }) })
  await seen.getByText('139****5678').waitFor()
  await operator.inspect('channel-contact')
  await seen.getByLabel('查看理由').fill('核实告警')
  await seen.getByRole('button', { name: '查看联系人' }).click()
  await proven(operator, seen.getByText('13912345678'))
}

test('CH-9.3e, CH-9.3f: the agreement is signed where the key is kept, and only then comes the production key', async () => {
  const operator = await Person.signedIn('operator_admin')
  await agreement(operator, owner, '民生通', desk, true)

  // CH-9.3f: until the last step it is in testing.
  await operator.open(application)
  const address = await operator.page.locator('.facts a', { hasText: '民生通' }).getAttribute('href')
  const channel = (address ?? '').replace('/sandbox/portal/', '')
  await operator.open(channel)
  await operator.page.getByText('测试中', { exact: true }).first().waitFor()
  await decide(operator, application, '分配生产密钥并正式接入')
  await operator.page.getByText('已入网').first().waitFor()
  await operator.inspect('application-live')
  await operator.open(channel)
  await operator.page.getByText('在网', { exact: true }).first().waitFor()
  await contact(operator, channel)
  for (const person of [owner, prefecture, province, clerk, operator]) await person.leave()
})
