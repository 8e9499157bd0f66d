import { expect, test } from 'vitest'
import { choose } from '../stage/access'
import { Person } from '../stage/browser'
import { hire, ownerOfChannel } from '../stage/office'

test('the administrator of a channel owner opens an account, ends its sign-ins, disables it and reads what was done', async () => {
  const admin = await hire(await ownerOfChannel(), 'channel_admin')
  await admin.open('team')
  await admin.inspect('team')
  await admin.page.getByText('接口密钥（不是人员账户）').waitFor()
  await admin.page.getByRole('button', { name: '开设账户' }).click()
  const dialog = admin.page.getByRole('dialog')
  await dialog.getByRole('button', { name: '提交' }).click()
  await dialog.getByText('必填').first().waitFor()
  await choose(admin, '角色', '渠道工程师')
  await dialog.getByLabel('用户名').fill('team-engineer')
  await dialog.getByRole('button', { name: '提交' }).click()
  const secret = (await admin.page.locator('code.secret').textContent()) ?? ''
  await admin.page.getByRole('button', { name: '我已妥善保存' }).click()

  const engineer = await Person.arrive()
  await engineer.begin('team-engineer', secret)
  await expect.poll(() => engineer.page.getByTestId('scope').textContent()).toContain('渠道工程师')
  await engineer.open('')
  expect(await engineer.page.getByRole('link', { name: '团队', exact: true }).count()).toBe(0)
  await engineer.inspect('overview-engineer')

  await admin.open('team?q=team-engineer')
  await admin.page.getByRole('button', { name: '登录会话：team-engineer' }).click()
  await admin.page.getByRole('button', { name: '结束全部登录' }).click()
  await admin.inspect('team-sessions')
  await admin.page.getByRole('dialog').getByLabel('理由').fill('手机遗失')
  await admin.page.getByRole('dialog').getByRole('button', { name: '确认' }).click()
  await engineer.page.getByRole('link', { name: '渠道', exact: true }).click()
  await engineer.page.getByText('登录已过期，请重新登录。').waitFor()
  await engineer.leave()

  await admin.open('team?q=team-engineer')
  await admin.page.getByRole('button', { name: '停用：team-engineer' }).click()
  await admin.page.getByRole('dialog').getByLabel('理由').fill('离职')
  await admin.page.getByRole('dialog').getByRole('button', { name: '确认' }).click()
  await admin.page.getByRole('button', { name: '启用：team-engineer' }).waitFor()
  await admin.page.getByRole('button', { name: '查看', exact: true }).click()
  await admin.page.getByText('staff.disabled').first().waitFor()
  await admin.page.getByText('离职').first().waitFor()
  await admin.leave()
})
