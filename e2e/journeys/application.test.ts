import { expect, test } from 'vitest'
import { found, hire } from '../stage/office'

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
  expect(await page.getByLabel('统一社会信用代码').inputValue()).toBe('91110000600037341L')

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
