// The way of a channel from its draft to its production key, as each of the people in it goes it in their pages.

import { beginFromMenu } from './menu'
import type { Locator } from 'playwright-core'
import { expect } from 'vitest'
import type { Person } from './browser'
import type { Desk } from './papers'

/** The address of the matter or form that a person stands on, below the portal. */
export function whereIs({ page }: Person): string {
  return new URL(page.url()).pathname.replace('/sandbox/portal/', '')
}

/** Chooses in a list that opens below a field. */
export async function choose(person: Person, label: string, option: string, typed?: string): Promise<void> {
  const { page } = person
  const dialog = page.getByRole('dialog')
  const field = ((await dialog.count()) > 0 ? dialog : page).getByLabel(label).first()
  const box = field.locator('xpath=ancestor::div[contains(concat(" ", @class, " "), " ant-select ")][1]')
  // On a busy machine a list may miss that it was answered; a person sees that nothing is chosen, and chooses again.
  for (let left = 3; left > 0; left--) {
    await answer(person, field, option, typed)
    if ((await box.innerText()).includes(option)) return
  }
  throw new Error(`${option} is not chosen in ${label}: ${await box.innerText()}`)
}

/** Opens a list, presses one of its lines, and sees it close. */
async function answer({ page }: Person, field: Locator, option: string, typed?: string): Promise<void> {
  const dialog = page.getByRole('dialog')
  await field.click()
  if (typed) await field.fill(typed)
  const open = page.locator('.ant-select-dropdown').filter({ visible: true })
  await open.locator('.ant-select-item').getByText(option).first().click()
  // A list of several stays open until it is told.
  if ((await page.locator('.ant-select-multiple.ant-select-open').count()) > 0) await field.press('Escape')
  try {
    await expect.poll(() => open.count(), { timeout: 5_000 }).toBe(0)
  } catch {
    await ((await dialog.count()) > 0 ? dialog.locator('.ant-modal-title') : page.locator('h1')).last().click()
    await expect.poll(() => open.count()).toBe(0)
  }
}

/** Puts a file in its place and waits until the platform has verified it. */
export async function put({ page }: Person, purpose: string, path: string): Promise<void> {
  const place = page.locator(`.upload:has(input[data-purpose="${purpose}"])`).last()
  const before = await place.locator('.file a').count()
  await place.locator('input[type=file]').setInputFiles(path)
  await expect.poll(() => place.locator('.file a').count()).toBe(before + 1)
}

/** Does an action of a matter: its dialog is filled in, sent, and proven once more if the platform asks. */
export async function act(person: Person, label: string, fill?: () => Promise<void>): Promise<void> {
  const { page } = person
  await page.locator('.action-bar').getByRole('button', { name: label, exact: true }).click()
  const dialog = page.getByRole('dialog', { name: label })
  await dialog.waitFor()
  // Its fields may come after it.
  await person.settled()
  const words = dialog.getByLabel('意见或说明')
  if ((await words.count()) > 0) await words.fill('已审核，材料齐全，符合要求。')
  await fill?.()
  await dialog.getByRole('button', { name: label, exact: true }).click()
  await proven(person, page.locator('.ant-message-success'))
  await dialog.waitFor({ state: 'hidden' })
}

/** Ticks every box of the dialog that is open. */
export async function tickAll({ page }: Person): Promise<void> {
  for (const box of await page.getByRole('dialog').getByRole('checkbox').all()) await box.check()
}

/** Waits for something that is done at once, or once it was proven who is there. */
export async function proven(person: Person, done: Locator): Promise<void> {
  const { page, password } = person
  const proof = page.getByRole('dialog', { name: '确认是您本人' })
  try {
    await proof.or(done).first().waitFor()
  } catch (late) {
    // What stands there instead says why.
    await person.picture('nothing-came')
    throw late
  }
  if (await proof.isVisible()) {
    await proof.locator('input').fill(password ?? '')
    await proof.getByRole('button', { name: '确认' }).click()
    await done.first().waitFor()
  }
}

/** Opens a matter, does an action and waits for the state that it leads to. */
export async function decide(person: Person, matter: string, label: string, fill?: () => Promise<void>): Promise<void> {
  await person.open(matter)
  await act(person, label, fill)
  await person.settled()
}

/** A department's opinion on the region that waits for it. */
export async function agree(person: Person, matter: string): Promise<void> {
  await decide(person, matter, '同意', async () => {
    const dialog = person.page.getByRole('dialog', { name: '同意' })
    await dialog.getByLabel('联系人').fill('审核员')
    await dialog.getByLabel('联系电话').fill('0571-88880000')
  })
}

/** The security report of a channel that stands on the page of 附表3, submitted; the person is back on that page. */
export async function report(owner: Person, desk: Desk, inspect = false): Promise<string> {
  const { page } = owner
  const formal = whereIs(owner)
  await page.getByRole('button', { name: '登记检测报告' }).click()
  await page.waitForURL(/portal\/matters\/mat_/)
  await owner.settled()
  const matter = whereIs(owner)
  await act(owner, '提交检测报告', async () => {
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('编号', { exact: true }).fill('JC-2026-0117')
    await dialog.getByLabel('检测机构名称').fill('国信演示检测有限公司')
    // Today, whatever day the sandbox has come to.
    const tested = dialog.getByLabel('检测完成日期')
    await tested.fill((await tested.getAttribute('max')) ?? '')
    await dialog.getByLabel('依据版本').fill('1.0')
    await dialog.getByLabel('检测范围').fill('渠道接入全流程')
    for (const field of ['CNAS', 'CMA', '风险评估', '密码应用']) {
      const row = dialog.getByRole('group', { name: new RegExp(field) })
      await row.getByRole('textbox').first().fill(`${field}-2025-008`)
      await row.getByLabel('有效期起').fill('2025-01-01')
      await row.getByLabel('有效期止').fill('2028-12-31')
    }
    await dialog.getByRole('radio', { name: '通过', exact: true }).check()
    await put(owner, 'security_report', desk.paper('安全检测报告'))
    if (inspect) await owner.inspect('security-report-form')
  })
  await owner.open(formal)
  return matter
}

/** 附表3: films with their steps, contact as it was, keys. */
export async function formal(owner: Person, desk: Desk): Promise<void> {
  const { page } = owner
  for (const system of ['ios', 'android']) {
    await put(owner, `recording_${system}`, desk.film(`${system}-录屏`, 2))
    const marks = page.locator('fieldset', { has: page.locator(`input[data-purpose="recording_${system}"]`) }).locator('.marks input')
    for (const [place, at] of ['0:04', '0:21', '1:05', '1:38', '2:10', '2:32'].entries()) await marks.nth(place).fill(at)
  }
  await page.locator('input[data-purpose="form-keys"]').setInputFiles(desk.key('production'))
}

/** Saves what is to be signed at the desk; where it lies. */
export async function keepStatement(owner: Person, dialog: Locator, desk: Desk): Promise<string> {
  const saving = owner.page.waitForEvent('download')
  await dialog.getByRole('link', { name: '下载签署声明' }).click()
  const saved = await saving
  const statement = desk.keep(saved.suggestedFilename(), '')
  await saved.saveAs(statement)
  return statement
}

/** The owner registers its signing key on the page of its organisation; the operator types the fingerprint that it is read. */
export async function registerKey(operator: Person, owner: Person, desk: Desk, inspect = false): Promise<void> {
  desk.key('owner')
  await owner.open('')
  if (inspect) await owner.inspect('signing-key-none')
  await owner.page.getByRole('button', { name: /^登记(新的)?签名公钥$/ }).click()
  await owner.page.waitForURL(/matters\/mat_/)
  await owner.settled()
  const matter = whereIs(owner)
  await act(owner, '提交签名公钥', async () => {
    const dialog = owner.page.getByRole('dialog', { name: '提交签名公钥' })
    const statement = await keepStatement(owner, dialog, desk)
    await dialog.locator('input[data-purpose="signature"]').setInputFiles(desk.signed(statement, 'owner'))
    await dialog.getByText('已读取签名').waitFor()
  })
  await owner.page.getByText('待核对指纹').first().waitFor()
  if (inspect) await owner.inspect('signing-key-filed')
  await decide(operator, matter, '核对指纹并登记', async () => {
    await operator.page.getByLabel('单位读出的公钥指纹').fill(desk.fingerprint('owner'))
    if (inspect) await operator.inspect('signing-key-confirm')
  })
  await operator.page.getByText('已登记').first().waitFor()
  if (!inspect) return
  await operator.inspect('signing-key-registered')
  await owner.open('')
  await owner.page.getByText('已登记').first().waitFor()
  await owner.inspect('signing-key-panel')
}

/** The operator offers an agreement about a channel, and the owner signs what it says with `ykt`. */
export async function agreement(operator: Person, owner: Person, channel: string, desk: Desk, inspect = false): Promise<void> {
  await operator.open('matters')
  await beginFromMenu(operator.page, '合作协议')
  const offer = operator.page.getByRole('dialog')
  // Its fields come after it; until then a label is one of the list behind it.
  await offer.getByLabel('协议版本').waitFor()
  await choose(operator, '渠道', channel, channel)
  await offer.getByLabel('协议版本').fill('2026-01')
  await offer.getByLabel('协议文本').fill('电子社会保障卡服务渠道合作协议（2026年版）\n第一条 合作内容……')
  await offer.getByLabel('首日').fill('2027-02-01')
  await offer.getByLabel('末日').fill('2030-01-31')
  await offer.getByRole('button', { name: '提交' }).click()
  await operator.page.waitForURL(/matters\/mat_/)
  await operator.settled()
  const matter = whereIs(operator)
  await registerKey(operator, owner, desk, inspect)
  await owner.open(matter)
  await act(owner, '签署', async () => {
    const dialog = owner.page.getByRole('dialog', { name: '签署' })
    const statement = await keepStatement(owner, dialog, desk)
    const picker = dialog.locator('input[data-purpose="signature"]')
    const other = desk.keep('other.txt', '另一份声明\n')
    await picker.setInputFiles(desk.signed(other, 'owner'))
    await dialog.getByText('该签名所签的不是这份声明').waitFor()
    await picker.setInputFiles(desk.signed(statement, 'owner'))
    await dialog.getByText('已读取签名').waitFor()
    if (inspect) await owner.inspect('agreement-sign')
  })
  await owner.page.getByText('生效中').first().waitFor()
}
