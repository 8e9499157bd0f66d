import { expect, test } from 'vitest'
import { Person } from '../stage/browser'
import { channelNamed } from '../stage/office'

test('a list is walked by arrow keys, keeps its columns and density, and comes back to filters that were saved under a name', async () => {
  const operator = await Person.signedIn('operator_admin')
  const { page } = operator
  await operator.open('matters?ended=true')
  await page.getByRole('button', { name: '视图' }).click()
  await page.getByRole('button', { name: '保存当前筛选为视图' }).click()
  await page.getByLabel('视图名称').fill('已办结的')
  await page.getByRole('dialog', { name: '保存当前筛选为视图' }).getByRole('button', { name: '保存' }).click()
  await page.getByRole('button', { name: '已办结的' }).waitFor()
  await page.getByRole('button', { name: '列与密度' }).click()
  await page.getByRole('checkbox', { name: '所属单位' }).uncheck()
  await page.getByRole('radio', { name: '紧凑' }).check()
  await operator.inspect('list-tools')
  await page.keyboard.press('Escape')

  await operator.open('matters')
  expect(await page.getByRole('columnheader', { name: '所属单位' }).count()).toBe(0)
  await page.getByRole('button', { name: '视图' }).click()
  await page.locator('.list-views').getByRole('button', { name: '已办结的', exact: true }).click()
  await page.waitForURL(/ended=true/)
  await operator.settled()
  await operator.inspectNarrow('list-tools')

  const rows = page.locator('tr.ant-table-row')
  // The list is drawn anew a moment after its window is wide again.
  await expect
    .poll(async () => {
      await rows.first().focus()
      await page.keyboard.press('ArrowDown')
      return rows.nth(1).evaluate((row) => row === document.activeElement)
    })
    .toBe(true)
  await page.keyboard.press('Enter')
  await page.waitForURL(/matters\/mat_/)
  await operator.settled()
  await operator.leave()
})

test('the number of a clause opens its words, and a channel tells what happened to it by kinds', async () => {
  const channel = await channelNamed('湖滨手机银行')
  const operator = await Person.signedIn('operator_admin')
  const { page } = operator
  await operator.open(`channels/${channel.channel_id}`)
  await page.getByRole('heading', { name: '大事记' }).waitFor()
  await operator.inspect('channel-story')
  await operator.inspectNarrow('channel-story')
  await page.getByRole('group', { name: '按类别筛选' }).getByRole('button', { name: /^办件/ }).click()
  await operator.open('parameters')
  await page.locator('button.clause').first().click()
  await page.locator('.clause-list').waitFor()
  await operator.inspect('clause-words')
  await operator.leave()
})

test('a ticket reads as a conversation, and is answered with words that were used before', async () => {
  const operator = await Person.signedIn('operator_admin')
  const { page } = operator
  await operator.open('matters?kind=ticket&ended=false')
  await page.locator('tbody a').first().click()
  await page.waitForURL(/matters\/mat_/)
  await operator.settled()
  await page.locator('.thread li').first().waitFor()
  await operator.inspect('ticket')
  await operator.inspectNarrow('ticket')
  await page.getByRole('button', { name: '答复' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('combobox', { name: '常用答复' }).click()
  await page.locator('.ant-select-item-option').first().click()
  await expect.poll(() => dialog.getByLabel('意见或说明').inputValue()).not.toBe('')
  await operator.inspect('ticket-answer')
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' })

  // What a camera writes beside a picture does not reach the platform.
  const shown = await page.evaluate(async () => {
    const canvas = document.createElement('canvas')
    canvas.width = canvas.height = 64
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg'))
    return [...new Uint8Array((await blob?.arrayBuffer()) ?? new ArrayBuffer(0))]
  })
  const note = Buffer.from('Exif\0\0 30.2741N 120.1551E')
  const size = Buffer.from([(note.length + 2) >> 8, (note.length + 2) & 0xff])
  const taken = Buffer.concat([Buffer.from(shown.slice(0, 2)), Buffer.from([0xff, 0xe1]), size, note, Buffer.from(shown.slice(2))])
  await page.locator('input[data-purpose="material"]').setInputFiles({ name: '现场.jpg', mimeType: 'image/jpeg', buffer: taken })
  const link = page.getByRole('link', { name: '现场.jpg' })
  await link.waitFor()
  const kept = await operator.read((await link.getAttribute('href')) ?? '')
  expect([kept.subarray(0, 2).toString('hex'), kept.includes('Exif'), kept.includes('30.2741N')]).toEqual(['ffd8', false, false])
  await operator.leave()
})
