import { afterAll, expect, test } from 'vitest'
import { Person } from '../stage/browser'
import { channelNamed, orgOf } from '../stage/office'
import { inGb18030, Spreadsheets } from '../stage/workbook'

const sheets = new Spreadsheets()

afterAll(() => sheets.clear())

const file = (name: string, buffer: Buffer) => ({ name, buffer, mimeType: 'application/octet-stream' })
const chooser = ({ page }: Person) => page.locator('input[data-purpose=import]')

test('SE-2.2b: terminals come from a file; what is wrong with it is told, mended in the own table and brought again', async () => {
  const org = await orgOf('prefecture', '330100')
  const region = await Person.signedIn('region_admin')
  const { page } = region
  await region.open('terminals')
  await page.getByRole('button', { name: '从文件导入' }).click()
  await page.waitForURL(/terminals\/import$/)
  await region.settled()
  await region.inspect('import-terminal')
  await region.inspectNarrow('import-terminal')
  const template = sheets.read(await sheets.keep(download(region, '下载模板（Excel）'), 'template.xlsx'))
  expect(template.map((row) => row.map(([text]) => text))).toEqual([
    ['序列号*', '使用单位（统一社会信用代码）*', '所在地（行政区划代码）*', '终端机编号'],
  ])

  await chooser(region).setInputFiles(file('图片.png', Buffer.from('x')))
  await page.getByText('只接收 .xlsx 和 .csv 文件').waitFor()
  await chooser(region).setInputFiles(file('缺列.csv', inGb18030([['序列号', '备注'], ['SN-A', '']])))
  await page.getByText('找不到列：使用单位').waitFor()

  const head = ['备注', '序列号', '使用单位（统一社会信用代码）', '所在地（行政区划代码）', '终端机编号']
  const good = Array.from({ length: 60 }, (_, at) => ['大厅', `IMP-${String(at).padStart(3, '0')}`, org, '330106', ''])
  const rows = [head, ['一楼', 'sn 1', org, '330206', '33010000'], ...good]
  await chooser(region).setInputFiles(file('终端.csv', inGb18030(rows)))
  await page.getByText('终端.csv：61 行，按 GB 18030 读取').waitFor()
  await page.getByText('终端序列号格式不正确').waitFor()
  await expect.poll(() => count(region, 'inserted')).toBe('60')
  await expect.poll(() => count(region, 'refused')).toBe('1')
  await expect.poll(() => page.locator('tbody tr.ant-table-row').count()).toBe(50)
  await page.getByRole('checkbox', { name: '只看有误的行' }).check()
  await expect.poll(() => page.locator('tbody tr.ant-table-row').count()).toBe(1)
  await region.inspect('import-terminal-wrong')
  await region.inspectNarrow('import-terminal-wrong')

  const errors = await sheets.keep(download(region, '下载错误清单'), 'errors.xlsx')
  const [, first, second] = sheets.read(errors)
  expect(first?.map(([, isMarked]) => isMarked)).toEqual([false, true, false, false, true, true])
  expect(first?.at(-1)?.[0]).toContain('终端序列号格式不正确')
  expect(second?.some(([, isMarked]) => isMarked)).toBe(false)
  // The terminal stands elsewhere: that is only seen when the row can be read.
  const mended = sheets.mend(sheets.mend(errors, 'sn 1', 'IMP-X'), '33010000<', '<')
  await chooser(region).setInputFiles(mended)
  await page.getByText('超出本辖区范围').waitFor()

  await page.getByRole('button', { name: '导入 60 行' }).click()
  await page.getByText('导入完成').waitFor()
  await expect.poll(() => count(region, 'refused')).toBe('1')
  await region.inspect('import-terminal-done')
  await chooser(region).setInputFiles(sheets.mend(mended, '330206', '330106'))
  await page.getByText('全部 61 行无误').waitFor()
  expect([await count(region, 'inserted'), await count(region, 'unchanged')]).toEqual(['1', '60'])
  await page.getByRole('button', { name: '导入 1 行' }).click()
  await page.getByText('新增 1 行，更新 0 行，未变 60 行，未导入 0 行。').waitFor()
  await region.open('terminals?q=IMP-X')
  await page.getByRole('link', { name: 'IMP-X' }).waitFor()
  await region.leave()
})

test('organisations come from a file: each wrong cell is named, the right rows are kept, and the same file changes nothing', async () => {
  const operator = await Person.signedIn('operator_admin')
  const { page } = operator
  await operator.open('orgs')
  await page.getByRole('button', { name: '从文件导入' }).click()
  await page.waitForURL(/orgs\/import$/)
  await operator.settled()
  await operator.inspect('import-org')
  await operator.inspectNarrow('import-org')
  const template = sheets.read(await sheets.keep(download(operator, '下载模板（Excel）'), 'orgs.xlsx'))
  expect(template.map((row) => row.map(([text]) => text))).toEqual([
    ['机构名称*', '机构类型*', '行政区划代码*', '统一社会信用代码'],
  ])

  const head = ['机构名称', '机构类型', '行政区划代码', '统一社会信用代码']
  const rows = [
    head,
    ['导入市数据局', '用卡部门', '330100', ''],
    ['导入市检测所', '安全检测机构', '330106', ''],
    ['导入市人社局', '地市级人社部门', '330000', ''],
    ['', '部门', '33', '1'],
    ['导入市数据局', '安全检测机构', '330100', ''],
  ]
  await chooser(operator).setInputFiles(file('机构.csv', inGb18030(rows)))
  await page.getByText('机构.csv：5 行，按 GB 18030 读取').waitFor()
  await page.getByText('机构类型与行政区划级别不符').waitFor()
  expect([await count(operator, 'inserted'), await count(operator, 'refused')]).toEqual(['2', '3'])
  const wrong = page.locator('tbody tr.ant-table-row').nth(3).locator('td.import-wrong')
  await expect.poll(() => wrong.count()).toBe(4)
  await operator.inspect('import-org-wrong')
  await page.getByRole('button', { name: '导入 2 行' }).click()
  await page.getByText('新增 2 行，更新 0 行，未变 0 行，未导入 3 行。').waitFor()
  const errors = await sheets.keep(download(operator, '下载错误清单'), 'org-errors.xlsx')
  expect(sheets.read(errors)[3]?.map(([, isMarked]) => isMarked)).toEqual([false, false, true, false, true])

  // The same file again: nothing is there to import, and the last row is refused as what it is in the file already.
  await chooser(operator).setInputFiles(file('机构.csv', inGb18030(rows)))
  await expect.poll(() => count(operator, 'unchanged')).toBe('2')
  expect([await count(operator, 'inserted'), await count(operator, 'refused')]).toEqual(['0', '3'])
  await page.getByText('与第 2 行重复').waitFor()
  expect(await page.getByRole('button', { name: /^导入 \d+ 行$/ }).count()).toBe(0)
  await operator.open('orgs?q=导入市')
  await expect.poll(() => page.locator('tbody tr.ant-table-row').count()).toBe(2)
  await operator.leave()
})

test('ND-3.5d: services are opened from a file in the own region, by name and number, and what is open stays as it is', async () => {
  const { number } = await channelNamed()
  const region = await Person.signedIn('region_admin')
  const { page } = region
  await region.open('openings')
  await page.getByRole('button', { name: '从文件导入' }).click()
  await page.waitForURL(/openings\/import$/)
  await region.settled()
  await region.inspect('import-opening')
  await region.inspectNarrow('import-opening')
  const rows = [
    ['事项（名称或编码）', '渠道编号或终端序列号', '开通地区（行政区划代码）'],
    ['身份核验', number, '330102'],
    ['ecard.show', number, '330102'],
    ['扫码支付', number, '330206'],
    ['展示', '9999999999', '330102'],
  ]
  await chooser(region).setInputFiles(file('开通.csv', inGb18030(rows)))
  await page.getByText('超出本辖区范围').waitFor()
  await page.getByText('服务不在目录中').waitFor()
  expect([await count(region, 'inserted'), await count(region, 'refused')]).toEqual(['2', '2'])
  await region.inspect('import-opening-wrong')
  await page.getByRole('button', { name: '导入 2 行' }).click()
  await page.getByText('新增 2 行，更新 0 行，未变 0 行，未导入 2 行。').waitFor()
  await chooser(region).setInputFiles(file('开通.csv', inGb18030(rows.slice(0, 3))))
  await page.getByText('全部 2 行无误').waitFor()
  await page.getByText('没有可导入的行').waitFor()
  expect(await count(region, 'unchanged')).toBe('2')
  await region.inspect('import-opening-again')
  await region.leave()
})

test('CH-11.4d: the monthly filing is reported from the filled template, as a whole', async () => {
  const owner = await Person.named('owner-bank')
  const { page } = owner
  await owner.open('matters?kind=filing&ended=false')
  await page.locator('tbody a').first().click()
  await page.getByRole('link', { name: '从文件导入' }).click()
  await page.waitForURL(/\/import$/)
  await owner.settled()
  await owner.inspect('import-filing')
  const template = sheets.read(await sheets.keep(download(owner, '下载模板（Excel）'), 'filing.xlsx'))
  const [head = [], ...filled] = template.map((row) => row.map(([text]) => text))
  expect(filled.length).toBeGreaterThan(0)
  expect(filled.every(([number, name]) => /^\d{10}$/.test(number ?? '') && name !== '')).toBe(true)

  const figures = (uses: string) => filled.map(([number = '', name = '']) => [number, name, '3', '5', uses])
  const wrong = [head, ...figures('x'), ['9999999999', '', '1', '1', '1']]
  await chooser(owner).setInputFiles(file('月报.csv', Buffer.from(wrong.map((row) => row.join(',')).join('\n'))))
  await page.getByText('该渠道不在本月应报送之列').waitFor()
  await page.getByText('须为不小于 0 的整数').first().waitFor()
  expect(await page.getByRole('button', { name: /^提交 \d+ 行$/ }).count()).toBe(0)
  await owner.inspect('import-filing-wrong')

  await chooser(owner).setInputFiles(file('月报.csv', inGb18030([head, ...figures('7')])))
  await page.getByRole('button', { name: `提交 ${filled.length} 行` }).click()
  await page.locator('.ant-alert').getByText('已提交').waitFor()
  await page.locator('.page-above a').click()
  await owner.settled()
  await page.getByText('待接收').first().waitFor()
  await owner.leave()
})

/** What a press of a button hands out. */
function download({ page }: Person, button: string) {
  const file = page.waitForEvent('download')
  void page.getByRole('button', { name: button }).click()
  return file
}

const count = ({ page }: Person, outcome: string) => page.locator(`dd[data-outcome=${outcome}]`).textContent()
