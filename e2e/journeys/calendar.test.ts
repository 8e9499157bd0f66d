import { expect, test } from 'vitest'
import { Person } from '../stage/browser'
import { hire, orgOf } from '../stage/office'

const DAY_MS = 86_400_000

/** The first Monday from a day on, and a day so many days later; the arrangement is made up, of no real year. */
const monday = (day: string) => later(day, (8 - new Date(day).getUTCDay()) % 7)
const later = (day: string, days: number) => new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10)

test('a year of holidays is entered by one reviewer of the ministry, corrected where it is wrong, and approved by another', async () => {
  const ministry = await orgOf('ministry', '000000')
  const one = await hire(ministry, 'ministry_reviewer')
  const other = await hire(ministry, 'ministry_reviewer')
  const { page } = one

  await one.open('calendar')
  const enter = page.getByRole('button', { name: /^录入\d{4}年安排$/ })
  const year = /\d{4}/.exec((await enter.textContent()) ?? '')?.[0] ?? ''
  await one.inspect('calendar')
  await one.inspectNarrow('calendar')

  await enter.click()
  const dialog = page.getByRole('dialog')
  const [spring, summer] = [monday(`${year}-02-01`), monday(`${year}-06-01`)]
  await dialog.getByLabel('依据文件').fill('演练用安排')
  await dialog.getByLabel('节日', { exact: true }).fill('甲')
  await dialog.getByLabel('起始日').fill(spring)
  await dialog.getByLabel('截止日').fill(later(spring, 13))
  await dialog.getByRole('button', { name: '增加节日' }).click()
  await dialog.getByLabel('节日', { exact: true }).nth(1).fill('乙')
  await dialog.getByLabel('起始日').nth(1).fill(summer)
  await dialog.getByLabel('截止日').nth(1).fill(later(summer, 3))
  await dialog.getByRole('button', { name: '增加上班日' }).click()
  await dialog.getByLabel('上班日 1').fill(later(summer, 4))
  await dialog.getByLabel('理由').fill('演练')
  await dialog.getByRole('button', { name: '提交' }).click()
  await dialog.getByText('调休上班日须为星期六或星期日').waitFor()
  await one.inspect('calendar-wrong')
  await one.inspectNarrow('calendar-wrong')
  await dialog.getByLabel('上班日 1').fill(later(summer, 5))
  await dialog.getByRole('button', { name: '提交' }).click()
  await dialog.waitFor({ state: 'hidden' })
  await page.getByText('待批准').first().waitFor()
  const mine = page.getByRole('button', { name: '撤回提议' })
  await expect.poll(() => mine.count(), { message: 'what one proposed one may only take back' }).toBe(1)
  await one.inspect('calendar-proposed')

  await other.open('calendar')
  await other.page.getByRole('button', { name: '审批' }).click()
  const decision = other.page.getByRole('dialog')
  await decision.getByLabel('理由').fill('已与通知核对')
  await decision.getByRole('button', { name: '提交' }).click()
  await decision.waitFor({ state: 'hidden' })
  await other.page.getByRole('heading', { name: `${year}年节假日安排` }).waitFor()
  await other.page.getByText('期限按此计算').waitFor()
  await other.inspect('calendar-approved')
  await one.leave()
  await other.leave()

  const operator = await Person.signedIn('operator_admin', 'en')
  await operator.open('calendar')
  await operator.page.getByText(year, { exact: true }).first().click()
  await operator.page.getByText('Periods are counted by it').waitFor()
  expect(await operator.page.getByRole('button', { name: /^Enter/ }).count()).toBe(0)
  await operator.inspect('en-calendar')
  await operator.leave()
})

test('what every role may do and what every division is called is looked up', async () => {
  const clerk = await Person.signedIn('operator_admin', 'en')
  await clerk.open('roles?role=audit_admin')
  await clerk.page.getByText('export the audit log').waitFor()
  await clerk.inspect('en-roles')
  await clerk.inspectNarrow('en-roles')
  await clerk.open('divisions')
  await clerk.page.getByLabel('Code or name').fill('3301')
  await clerk.page.getByText('1 found').waitFor()
  await clerk.inspect('en-divisions')
  await clerk.inspectNarrow('en-divisions')
  await clerk.leave()
})

test('ND-3.5e: a region begins its day with the channels that are in danger', async () => {
  const region = await Person.signedIn('region_admin')
  await region.open('')
  await region.page.getByRole('heading', { name: '风险提示' }).waitFor()
  await region.settled()
  await region.inspect('region-overview')
  await region.leave()
})
