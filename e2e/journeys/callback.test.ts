import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { decide, whereIs } from '../stage/access'
import { Person } from '../stage/browser'

/** A channel's server: at `/old` it hears, at `/new` it proves itself once it has been put right. */
let receiver: Server
let isRight = false

beforeAll(async () => {
  receiver = createServer((request, response) => {
    let body = ''
    request.on('data', (part) => (body += part))
    request.on('end', () => {
      const { data } = JSON.parse(body) as { data: { challenge?: string } }
      response.statusCode = request.url === '/new' && !isRight ? 500 : 200
      response.end(JSON.stringify({ challenge: data.challenge }))
    })
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
})

afterAll(() => receiver.close())

/** Looks at a page again until it says so; what the platform does by itself comes a moment later. */
async function until(person: Person, path: string, words: string): Promise<void> {
  const says = async () => {
    await person.open(path)
    return person.page.getByText(words).count()
  }
  await expect.poll(says, { message: words, timeout: 60_000 }).toBeGreaterThan(0)
}

test('another callback address proves itself and is confirmed by another person, and until then the one before stays', async () => {
  const address = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`
  const owner = await Person.named('owner-travel')
  const { page } = owner
  await owner.open('webhooks')
  await page.getByRole('button', { name: '登记回调地址' }).click()
  const adding = page.getByRole('dialog', { name: '登记回调地址' })
  await adding.getByLabel('地址', { exact: true }).fill(`${address}/old`)
  await adding.getByRole('button', { name: '提交' }).click()
  await page.getByText(`${address}/old`).first().waitFor()

  await page.getByRole('button', { name: '申请变更回调地址' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('更换哪个地址').waitFor()
  await dialog.locator('.ant-select').getByText(`${address}/old`).last().waitFor()
  await dialog.getByLabel('新地址').fill(`${address}/new`)
  await owner.inspect('callback-asked')
  await dialog.getByRole('button', { name: '提交' }).click()
  await page.waitForURL(/matters\/mat_/)
  const matter = whereIs(owner)
  await until(owner, matter, '地址未通过验证')
  await owner.inspect('callback-unproven')

  isRight = true
  await decide(owner, matter, '重新验证地址')
  await until(owner, matter, '待另一人确认')
  expect(await page.getByRole('button', { name: '确认并启用' }).count(), 'nobody confirms what they asked for').toBe(0)
  await owner.open('webhooks')
  await page.getByText('正在变更回调地址：待另一人确认').waitFor()
  await owner.inspect('webhooks')

  const operator = await Person.named('clerk-one')
  await decide(operator, matter, '确认并启用')
  await operator.page.getByText('已启用').first().waitFor()
  await operator.inspect('callback-changed')
  await operator.leave()
  await owner.open('webhooks')
  await page.getByText(`${address}/new`).first().waitFor()
  expect(await page.locator('tbody').first().getByText(`${address}/old`).count()).toBe(0)
  await owner.leave()
})
