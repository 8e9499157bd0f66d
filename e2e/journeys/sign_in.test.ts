import { expect, test } from 'vitest'
import { Person } from '../stage/browser'

test('a visitor is sent to the sign-in page and a wrong password is refused in words', async () => {
  const visitor = await Person.arrive()
  await visitor.open('')
  expect(await visitor.heading().textContent()).toBe('登录')
  await visitor.inspect('sign-in')
  await visitor.page.locator('input[autocomplete=username]').fill('nobody')
  await visitor.page.locator('input[autocomplete=current-password]').fill('not the password')
  await visitor.page.keyboard.press('Enter')
  await visitor.page.getByRole('alert').getByText('用户名或密码不正确，或账户暂时锁定').waitFor()
  await visitor.inspect('sign-in-refused')
  await visitor.leave()
})

test('the header says where an account acts and as what, in both languages', async () => {
  const reviewer = await Person.signedIn('region_admin')
  expect(await reviewer.page.getByTestId('scope').textContent()).toBe('浙江省杭州市 · 地市级审核员')
  await reviewer.inspect('overview-region')
  await reviewer.page.getByRole('button', { name: 'English' }).click()
  expect(await reviewer.page.getByTestId('scope').textContent()).toContain('Prefectural')
  expect(await reviewer.page.locator('html').getAttribute('lang')).toBe('en')
  await reviewer.leave()
})

test('the content is reached by keyboard past the menu, and signing out ends the session', async () => {
  const admin = await Person.signedIn('operator_admin')
  await admin.open('')
  await admin.page.keyboard.press('Tab')
  expect(await admin.page.evaluate(() => document.activeElement?.className)).toBe('skip')
  await admin.page.keyboard.press('Enter')
  expect(await admin.page.evaluate(() => document.activeElement?.id)).toBe('content')
  await admin.page.getByRole('button', { name: '账户' }).click()
  await admin.page.getByRole('menuitem', { name: '退出登录' }).click()
  await admin.page.waitForURL(/sign-in$/)
  await admin.open('')
  expect(await admin.heading().textContent()).toBe('登录')
  await admin.leave()
})

test('everybody reads the list of authorised channels without signing in', async () => {
  const visitor = await Person.arrive()
  await visitor.open('sign-in')
  await visitor.page.getByRole('link', { name: '查看授权渠道名录' }).click()
  await visitor.page.getByText('演示渠道').waitFor()
  await visitor.inspect('directory')
  const file = visitor.page.waitForEvent('download')
  await visitor.page.getByRole('link', { name: '下载 CSV' }).click()
  expect((await file).suggestedFilename()).toBe('channels.csv')
  await visitor.leave()
})
