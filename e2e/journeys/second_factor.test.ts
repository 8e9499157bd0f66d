import { expect, test } from 'vitest'
import { Person } from '../stage/browser'
import { code } from '../stage/totp'
import { pick } from '../stage/menu'

test('a second factor is enrolled, asked for at the next sign-in, and the account’s sessions are listed', async () => {
  const clerk = await Person.signedIn('operator_clerk')
  const { page } = clerk
  const password = clerk.password ?? ''
  await pick(page.getByRole('button', { name: '账户' }), '账户安全')
  await clerk.settled()
  await clerk.inspect('security')
  await page.getByRole('button', { name: '启用动态口令' }).click()
  await page.getByLabel('当前密码').fill(password)
  await page.keyboard.press('Enter')
  await page.locator('.ant-qrcode').waitFor()
  await clerk.inspect('factor-enrol')
  const secret = (await page.locator('code.secret').textContent()) ?? ''
  await page.getByLabel('应用显示的 6 位数字').fill('000000')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').waitFor()
  // A button that is still busy with the code before takes no other.
  await clerk.settled()
  await page.getByLabel('应用显示的 6 位数字').fill(code(secret))
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: '我已妥善保存' }).waitFor()
  await expect.poll(() => page.locator('.secret-line').count()).toBe(10)
  await clerk.inspect('factor-recovery')
  await page.getByRole('button', { name: '我已妥善保存' }).click()
  await page.getByText('已启用').waitFor()
  await pick(page.getByRole('button', { name: '账户' }), '退出登录')

  await page.getByLabel('用户名').fill(clerk.login ?? '')
  await page.getByLabel('密码').fill(password)
  await page.keyboard.press('Enter')
  await page.getByLabel('动态口令').waitFor()
  await clerk.inspect('sign-in-code')
  // The code of this step has been used: one step of drift is allowed for.
  await page.getByLabel('动态口令').fill(code(secret, 1))
  await page.keyboard.press('Enter')
  await page.getByTestId('scope').waitFor()
  await clerk.leave()
})
