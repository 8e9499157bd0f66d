import { afterAll, test } from 'vitest'
import { act, agree, agreement, choose, decide, formal, put, report, tickAll, whereIs } from '../stage/access'
import { Person } from '../stage/browser'
import { Desk } from '../stage/papers'

const NAME = '湖滨银行公众号'
const desk = new Desk()

afterAll(() => desk.clear())

let owner: Person
let prefecture: Person
let province: Person
let ministry: Person
let clerk: Person
let application = ''
let tested = ''

/** 附表1 and the four parts of the statement on a level-2 channel of the same bank. */
async function fillIn({ page }: Person): Promise<void> {
  await choose(owner, '所属一级渠道', '湖滨手机银行')
  await page.getByRole('heading', { name: '二级渠道情况补充说明' }).waitFor()
  await choose(owner, '单位性质', '银行')
  await choose(owner, '渠道形式', '公众号')
  await page.getByRole('radio', { name: '通用性渠道' }).check()
  await choose(owner, '行政区划', '330100', '330100')
  await page.getByRole('radio', { name: '同一主体', exact: true }).check()
  await page.getByRole('radio', { name: '与一级渠道一致' }).check()
  await choose(owner, '活体检测来源', '一级渠道自建')
  await choose(owner, '复用的能力', '账户体系')
  const texts: Record<string, string> = {
    统一社会信用代码: '91330000000000051C',
    联系人: '周岚',
    手机号: '13900001234',
    邮箱: 'bank@example.cn',
    渠道名称: NAME,
    现有用户数: '860000',
    面向公众的业务及与社保卡的契合: '社保卡金融账户查询与线下网点预约。',
    自何时在该地运营: '2021-05-01',
    该地用户数: '300000',
    同一品牌: '湖滨银行',
    服务人数: '860000',
    基本情况: '湖滨银行官方公众号，服务浙江省持卡客户。',
    管理关系: '由手机银行同一部门管理，同一套制度。',
    能力关系: '复用手机银行账户体系和活体检测。',
    业务关系: '服务地域和应用范围不超出手机银行。',
  }
  for (const [label, text] of Object.entries(texts)) await page.getByLabel(label).first().fill(text)
  await page.locator('input[data-purpose="forms-channel-test_keys"]').setInputFiles(desk.key('test'))
}

test('CH-11.2, CH-14.2: the owner of a level-1 channel files for its level-2 channel with the statement in four parts', async () => {
  owner = await Person.named('owner-bank')
  const { page } = owner
  await owner.open('applications/new')
  await fillIn(owner)
  // CH-10.1: the statement says which brand or product both are of, or it is refused at that field.
  await page.getByLabel('同一品牌').fill('')
  await page.getByRole('button', { name: '保存草稿' }).click()
  await page.waitForURL(/applications\/mat_/)
  await owner.settled()
  application = whereIs(owner).replace('applications', 'matters')
  for (const purpose of ['form_one_sealed', 'test_collection']) await put(owner, purpose, desk.paper(purpose))
  await page.getByRole('button', { name: '提交申请' }).click()
  await page.locator('.ant-form-item-explain-error').getByText('同一主体须写明同一品牌或同一产品').waitFor()
  await page.getByLabel('同一品牌').fill('湖滨银行')
  await owner.inspect('application-level-two')
  await page.getByRole('button', { name: '提交申请' }).click()
  await page.waitForURL(/portal\/matters\/mat_/)
  await owner.settled()

  // CH-9.0: what is sent back is found at the fields that the reviewer named.
  prefecture = await Person.signedIn('region_admin')
  await decide(prefecture, application, '退回补正', async () => {
    await prefecture.page.getByRole('dialog').getByRole('button', { name: '添加一项' }).click()
    await choose(prefecture, '填写项', '业务关系', '业务关系')
    await prefecture.page.getByRole('dialog').getByLabel('补正要求').fill('请列明对应的一级渠道地域')
    await prefecture.inspect('application-send-back')
  })
  await owner.open(application)
  await page.getByRole('button', { name: '提交测试入网申请' }).click()
  await page.waitForURL(/applications\/mat_/)
  await owner.settled()
  await page.locator('.ant-form-item-explain-error').getByText('请列明对应的一级渠道地域').waitFor()
  await owner.inspect('application-returned')
  await page.getByLabel('业务关系').fill('服务地域为杭州，应用范围与手机银行一致。')
  await page.locator('.ant-form-item-explain-error').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: '提交申请' }).click()
  await page.waitForURL(/portal\/matters\/mat_/)
  await owner.settled()
})

test('CH-9.1b to CH-9.1d: prefecture, province and ministry pass it, and it gets a number of its own', async () => {
  await agree(prefecture, application)
  province = await Person.named('zhejiang')
  await agree(province, application)
  ministry = await Person.named('ministry-one')
  await decide(ministry, application, '审核通过')
  clerk = await Person.named('clerk-one')
  await decide(clerk, application, '分配渠道编号和测试密钥')
  await decide(clerk, application, '测试验证通过')
})

test('CH-11.4a, CH-14.1: level 2 files formally as level 1 does', async () => {
  const { page } = owner
  await owner.open(application)
  await page.getByRole('button', { name: '提交正式入网申请' }).click()
  await page.waitForURL(/\/formal$/)
  await owner.settled()
  tested = await report(owner, desk)
  await formal(owner, desk)
  await page.getByRole('button', { name: '提交正式入网申请' }).click()
  await page.waitForURL(/portal\/matters\/mat_/)
  await owner.settled()

})

test('CH-11.3, CH-11.4a: level 2 is reviewed as level 1 is, signs its agreement, and goes live under its level-1 channel', async () => {
  await clerk.open(tested)
  await act(clerk, '审核通过', () => tickAll(clerk))
  await agree(prefecture, application)
  await agree(province, application)
  await decide(ministry, application, '审核通过')
  await decide(clerk, application, '录屏验证通过', () => tickAll(clerk))
  await decide(clerk, application, '安全检测报告审核通过')
  const operator = await Person.signedIn('operator_admin')
  await agreement(operator, owner, NAME, desk)
  await decide(operator, application, '分配生产密钥并正式接入')
  await operator.page.getByText('已入网').first().waitFor()
  await operator.page.locator('.facts a', { hasText: NAME }).click()
  await operator.settled()
  await operator.page.getByText('在网', { exact: true }).first().waitFor()
  await operator.open(`channels?q=${encodeURIComponent(NAME)}`)
  await operator.page.locator('tbody tr', { hasText: NAME }).getByText('二级', { exact: false }).first().waitFor()
  for (const person of [owner, prefecture, province, ministry, clerk, operator]) await person.leave()
})
