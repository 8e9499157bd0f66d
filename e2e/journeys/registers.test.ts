import { expect, test } from 'vitest'
import { choose } from '../stage/access'
import { Person } from '../stage/browser'
import { Spreadsheets } from '../stage/workbook'
import { pick } from '../stage/menu'

test('the operator sees the registers, and a filter stays in the address', async () => {
  const operator = await Person.signedIn('operator_admin')
  await operator.open('channels')
  await operator.inspect('channels')
  await operator.page.getByRole('searchbox').or(operator.page.getByLabel('搜索')).first().fill('没有这个渠道')
  await operator.page.keyboard.press('Enter')
  await operator.page.getByText('没有符合条件的记录').waitFor()
  expect(new URL(operator.page.url()).searchParams.get('q')).toBe('没有这个渠道')
  await operator.page.getByRole('button', { name: '清除条件' }).click()
  await operator.page.locator('tbody a').first().click()
  await operator.settled()
  await operator.page.locator('.chart svg').first().waitFor()
  await operator.inspect('channel')
  await operator.page.getByRole('button', { name: '查看数据表' }).first().click()
  await operator.inspect('channel-table')
  for (const page of ['services', 'openings', 'terminals', 'orgs', 'statistics', 'coverage', 'parameters', 'password']) {
    await operator.open(page)
    await operator.inspect(page)
  }
  await operator.open('terminals')
  await operator.page.locator('tbody a').first().click()
  await operator.settled()
  await operator.inspect('terminal')
  await operator.leave()
})

test('the button of a dialog stands still from its first frame, so that a press and its release meet the same thing', async () => {
  const clerk = await Person.signedIn('security_admin')
  await clerk.open('terminals')
  await clerk.page.locator('tbody a').first().click()
  await clerk.settled()
  await clerk.page.getByRole('button', { name: '列入黑名单' }).waitFor()
  const places = await clerk.page.evaluate(async () => {
    const opener = Array.from(document.querySelectorAll('button')).find((one) => one.textContent?.includes('列入黑名单'))
    const box = opener?.getBoundingClientRect()
    opener?.dispatchEvent(new MouseEvent('click', { bubbles: true, clientX: box?.x, clientY: box?.y }))
    const seen: string[] = []
    // Twenty frames from its first one on, however long the dialog takes to come.
    for (let frame = 0; frame < 1000 && seen.length < 20; frame++) {
      await new Promise(requestAnimationFrame)
      const at = document.querySelector('.ant-modal button[type=submit]')?.getBoundingClientRect()
      if (at) seen.push(`${at.x} ${at.y} ${at.width}`)
    }
    return seen
  })
  expect(places.length).toBeGreaterThan(5)
  expect(new Set(places).size).toBe(1)
  await clerk.leave()
})

test('an action is done with a reason in a dialog, and the page shows what came of it', async () => {
  const clerk = await Person.signedIn('security_admin')
  await clerk.open('terminals')
  await clerk.page.locator('tbody a').first().click()
  await clerk.settled()
  await clerk.page.getByRole('button', { name: '列入黑名单' }).click()
  const dialog = clerk.page.getByRole('dialog')
  await dialog.getByLabel('理由').waitFor()
  await clerk.inspect('terminal-block')
  await dialog.getByRole('button', { name: '列入黑名单' }).click()
  await dialog.getByText('必填').waitFor()
  await dialog.getByLabel('理由').fill('机具送检')
  await dialog.getByRole('button', { name: '列入黑名单' }).click()
  await clerk.page.getByRole('button', { name: '移出黑名单' }).waitFor()
  await clerk.page.getByText('机具送检').waitFor()
  await clerk.page.getByRole('button', { name: '移出黑名单' }).click()
  await clerk.page.getByRole('dialog').getByLabel('理由').fill('检测合格')
  await clerk.page.getByRole('dialog').getByRole('button', { name: '移出黑名单' }).click()
  await clerk.page.getByRole('button', { name: '列入黑名单' }).waitFor()
  await clerk.leave()
})

test('an account is opened, and its one-time password is shown once and replaced at the first sign-in', async () => {
  const security = await Person.signedIn('security_admin')
  await security.open('staff')
  await security.inspect('staff')
  await security.page.getByRole('button', { name: '开设账户' }).click()
  const dialog = security.page.getByRole('dialog')
  await dialog.getByLabel('用户名').fill('Wrong Name')
  await dialog.getByRole('button', { name: '提交' }).click()
  await dialog.getByText('必填').first().waitFor()
  await security.inspect('staff-create')
  await choose(security, '所属机构', '平台运营机构')
  await choose(security, '角色', '运营专员')
  await dialog.getByLabel('用户名').fill('lilei')
  await dialog.getByRole('button', { name: '提交' }).click()
  await security.page.locator('code.secret').waitFor()
  await security.inspect('staff-secret')
  const secret = (await security.page.locator('code.secret').textContent()) ?? ''
  await security.page.getByRole('button', { name: '我已妥善保存' }).click()
  await security.leave()

  const newcomer = await Person.arrive()
  await newcomer.open('sign-in')
  await newcomer.page.getByLabel('用户名').fill('lilei')
  await newcomer.page.getByLabel('密码').fill(secret)
  await newcomer.page.keyboard.press('Enter')
  await newcomer.page.getByRole('heading', { name: '设置新密码' }).waitFor()
  await newcomer.inspect('password-first')
  await newcomer.page.getByLabel('当前密码').fill(secret)
  await newcomer.page.getByLabel('新密码', { exact: true }).fill('a long new passphrase')
  await newcomer.page.getByLabel('再次输入新密码').fill('a long new passphrase')
  await newcomer.page.keyboard.press('Enter')
  await newcomer.page.getByTestId('scope').waitFor()
  await expect.poll(() => newcomer.page.getByTestId('scope').textContent()).toBe('全国 · 运营专员')

  const again = await Person.signedIn('security_admin')
  await again.open('staff?q=lilei')
  await again.page.getByRole('button', { name: '停用' }).click()
  await again.page.getByRole('dialog').getByLabel('理由').fill('离岗')
  await again.page.getByRole('dialog').getByRole('button', { name: '确认' }).click()
  await again.page.getByRole('button', { name: '启用' }).waitFor()
  await again.leave()
  await newcomer.page.getByRole('link', { name: '渠道', exact: true }).click()
  await newcomer.page.getByText('登录已过期，请重新登录。').waitFor()
  await newcomer.leave()
})

test('the auditor reads and exports the trail, and has no page that changes anything', async () => {
  const auditor = await Person.signedIn('audit_admin')
  await auditor.open('audit')
  await auditor.inspect('audit')
  const file = auditor.page.waitForEvent('download')
  await auditor.page.getByRole('button', { name: '导出全部记录' }).click()
  expect((await file).suggestedFilename()).toBe('audit.jsonl')
  await auditor.open('platform-keys')
  await auditor.inspect('platform-keys')
  expect(await auditor.page.getByRole('button', { name: '轮换密钥' }).count()).toBe(0)
  await auditor.leave()
})

test('every page says faintly who looks at it and when, and hides nothing by it', async () => {
  const auditor = await Person.signedIn('audit_admin')
  const mark = auditor.page.getByTestId('watermark')
  const words = () => mark.locator('span').first().getAttribute('data-words')
  // What cannot be judged with it and can without: a page that was still being drawn between the two looks is looked at again.
  const hidden = async () => {
    const marked = await auditor.undecided()
    await mark.evaluate((element) => element.setAttribute('hidden', ''))
    const bare = await auditor.undecided()
    await mark.evaluate((element) => element.removeAttribute('hidden'))
    return marked.filter((place) => !bare.includes(place))
  }
  for (const path of ['', 'orgs', 'parameters', 'services']) {
    await auditor.open(path)
    for (const scheme of ['light', 'dark'] as const) {
      await auditor.dress(scheme)
      await expect.poll(words, { message: path }).toMatch(new RegExp(`^${auditor.login} \\d{4}-\\d{2}-\\d{2} \\d{2}:\\d{2}$`))
      await expect.poll(hidden, { message: `${path} ${scheme}` }).toEqual([])
    }
  }
  await auditor.page.emulateMedia({ media: 'print' })
  await expect.poll(() => mark.isVisible()).toBe(true)
  await auditor.picture('watermark-print')
  await auditor.leave()
})

test('the records of an organisation are narrowed, exported and checked in the browser, and one that was changed is found', async () => {
  const auditor = await Person.signedIn('audit_admin')
  const { page } = auditor
  await auditor.open('orgs')
  await page.locator('tbody .cell-link').first().click()
  const drawer = page.locator('.ant-drawer')
  const rows = drawer.locator('tbody tr[data-row-key]')
  await rows.first().waitFor()
  await auditor.inspect('trail')
  await auditor.inspectNarrow('trail')
  await drawer.getByRole('button', { name: /^核验所列/ }).click()
  await drawer.getByText('记录均已封存，与签名一致').waitFor()
  await auditor.inspect('trail-verified')
  const all = await rows.count()
  await drawer.getByLabel('操作（开头字符）').fill('staff.created')
  await drawer.getByLabel('操作（开头字符）').press('Enter')
  await expect.poll(async () => new Set(await rows.locator('td:nth-child(3)').allInnerTexts())).toEqual(new Set(['staff.created']))
  expect(await rows.count()).toBeLessThanOrEqual(all)
  const file = page.waitForEvent('download')
  await pick(drawer.getByRole('button', { name: '导出' }), 'CSV')
  expect((await file).suggestedFilename()).toMatch(/exp_[0-9a-z]{26}\.csv$/)
  // A server that shows something else than it sealed.
  await page.route('**/trail?*', async (route) => {
    const answer = await route.fetch()
    const body = (await answer.json()) as { data: { outcome: string }[] }
    for (const one of body.data) one.outcome = 'org.other'
    await route.fulfill({ response: answer, json: body })
  })
  // What was not asked for before is not answered from memory.
  await drawer.getByLabel('操作（开头字符）').fill('staff.')
  await drawer.getByLabel('操作（开头字符）').press('Enter')
  await drawer.getByText('org.other').first().waitFor()
  await drawer.getByRole('button', { name: /^核验所列/ }).click()
  await drawer.getByText(/条记录中有 \d+ 条与封存的记录不一致/).waitFor()
  await auditor.leave()
})

test('the time of the sandbox is moved, and the page goes by it', async () => {
  const operator = await Person.signedIn('operator_admin')
  await operator.open('')
  const clock = operator.page.getByRole('button', { name: /沙箱环境/ })
  const before = await clock.textContent()
  await clock.click()
  // What opens over the page is put in its place a moment after it is there; a key finds it wherever it stands.
  await operator.page.getByRole('button', { name: '前进 1 天' }).press('Enter')
  await expect.poll(() => clock.textContent()).not.toBe(before)
  await operator.leave()
})

test('a list is exported as a workbook and as CSV', async () => {
  const operator = await Person.signedIn('operator_admin')
  await operator.open('orgs')
  for (const [item, end] of [['Excel', 'xlsx'], ['CSV', 'csv']] as const) {
    const file = operator.page.waitForEvent('download')
    await pick(operator.page.getByRole('button', { name: '导出' }), item)
    expect((await file).suggestedFilename()).toMatch(new RegExp(`^机构-\\d+-exp_[0-9a-z]{26}\\.${end}$`))
    // The button is busy until a moment after the file is there.
    await operator.settled()
  }
  await operator.leave()
})

test('a list that is too long for a page becomes a file that the platform makes, and every cell of it is text', async () => {
  const operator = await Person.signedIn('operator_admin')
  await operator.open('terminals')
  await pick(operator.page.getByRole('button', { name: '导出' }), '由平台生成全部行')
  const panel = operator.page.getByRole('dialog', { name: '由平台生成的导出文件' })
  await panel.getByRole('button', { name: '生成全部行' }).click()
  const link = panel.getByRole('link', { name: '下载' })
  await link.waitFor()
  await operator.inspect('exports')
  const file = operator.page.waitForEvent('download')
  await link.click()
  expect((await file).suggestedFilename()).toMatch(/^terminal-exp_[0-9a-z]{26}\.xlsx$/)
  const sheets = new Spreadsheets()
  const [title, made, heads, first] = sheets.read(await sheets.keep(file, 'terminals.xlsx')).map((row) => row.map(([text]) => text))
  sheets.clear()
  expect(title).toEqual(['终端'])
  expect(made?.[0]).toMatch(/^导出人：/)
  expect(heads?.slice(0, 2)).toEqual(['终端编号', '序列号'])
  expect(first?.[0]).toMatch(/^trm_/)
  await operator.leave()
})
