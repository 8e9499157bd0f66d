import type { CDPSession } from 'playwright-core'
import { expect, test } from 'vitest'
import { Person } from '../stage/browser'
import { pick } from '../stage/menu'
import { accountOf, origin } from '../stage/server'

/** A device in the browser that keeps passkeys and verifies its user. */
async function device(cdp: CDPSession): Promise<string> {
  await cdp.send('WebAuthn.enable')
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return authenticatorId
}

test('a passkey is offered at the platform’s name, and at a bare address the page says where', async () => {
  const clerk = await Person.signedIn('region_clerk')
  const { page } = clerk
  await clerk.open('security')
  const address = `${origin().replace('127.0.0.1', 'localhost')}/sandbox/portal/security`
  await expect.poll(() => page.getByRole('link', { name: address }).getAttribute('href')).toBe(address)
  expect(await page.getByRole('button', { name: '添加通行密钥' }).count()).toBe(0)
  await clerk.inspect('passkey-elsewhere')
  await clerk.leave()
})

test('a passkey is added, signs in after the password, confirms who is there, and another one may go', async () => {
  const { login, password } = accountOf('security_admin')
  const person = await Person.arrive('zh-CN', origin().replace('127.0.0.1', 'localhost'))
  await person.signIn(login, password)
  const { page } = person
  const cdp = await page.context().newCDPSession(page)
  const id = await device(cdp)
  const verified = (isUserVerified: boolean) => cdp.send('WebAuthn.setUserVerified', { authenticatorId: id, isUserVerified })
  await pick(page.getByRole('button', { name: '账户' }), '账户安全')
  await person.settled()

  // A device that does not know its user makes none.
  await verified(false)
  await page.getByRole('button', { name: '添加通行密钥' }).click()
  await page.getByLabel('名称').fill('办公电脑')
  await page.getByLabel('当前密码').fill(password)
  await page.keyboard.press('Enter')
  await page.getByText('通行密钥验证未完成').waitFor()
  await person.inspect('passkey-refused')
  await verified(true)
  await page.getByRole('button', { name: '下一步：由设备创建' }).click()
  await expect.poll(() => page.locator('.secret-line').count()).toBe(10)
  await person.inspect('passkey-recovery')
  await page.getByRole('button', { name: '我已妥善保存' }).click()
  const row = page.getByRole('row', { name: /办公电脑/ })
  await row.getByText('未使用').waitFor()
  await person.settled()
  await person.inspect('passkey-list')
  await person.inspectNarrow('passkey-list')
  await pick(page.getByRole('button', { name: '账户' }), '退出登录')

  await page.getByLabel('用户名').fill(login)
  await page.getByLabel('密码').fill(password)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: '使用通行密钥' }).waitFor()
  await person.settled()
  await person.inspect('sign-in-passkey')
  await verified(false)
  await page.getByRole('button', { name: '使用通行密钥' }).click()
  await page.getByText('通行密钥验证未完成').waitFor()
  await page.getByRole('button', { name: '改用动态口令或恢复码' }).click()
  await page.getByLabel('动态口令').waitFor()
  await page.getByRole('button', { name: '使用通行密钥' }).click()
  await verified(true)
  await page.getByRole('button', { name: '使用通行密钥' }).click()
  await page.getByTestId('scope').waitFor()

  // A proof is stale after five minutes, which nobody waits for here: the first request is told so in the platform's place.
  const stale = { type: 'about:blank', title: '该操作需要再次验证身份', status: 403, code: 'staff.step_up_required', request_id: '', retryable: false }
  await page.route('**/api/v1/staff/passkeys/psk_*', (route) => route.fulfill({ status: 403, json: stale }), { times: 1 })
  await person.open('security')
  await row.getByRole('button', { name: '移除' }).click()
  await page.locator('.ant-modal-confirm-title').waitFor()
  await person.inspect('passkey-remove')
  await page.getByRole('dialog').getByRole('button', { name: '移除' }).click()
  await page.getByText('确认是您本人').waitFor()
  await page.getByRole('button', { name: '使用通行密钥' }).waitFor()
  await person.inspect('step-up-passkey')
  await page.getByRole('button', { name: '使用通行密钥' }).click()
  await page.getByText('这是账户唯一的第二因素').waitFor()
  expect(await row.getByText('未使用').count()).toBe(0)
  await person.leave()
})
