// A person at a browser: Debian's Chromium, driven without waiting for time to pass. Whatever page they stand on may be
// looked at: no request has left the server, nothing has met the policy, axe finds nothing in light and in dark.

import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import axe from 'axe-core'
import { type Browser, chromium, type Locator, type Page } from 'playwright-core'
import { afterAll, afterEach, expect } from 'vitest'
import { accountNamed, accountOf, origin as originOfServer } from './server'

const PICTURES = fileURLToPath(new URL('../../target/screenshots', import.meta.url))
const WINDOW = { width: 1440, height: 900 }
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

let browser: Browser | undefined

async function launched(): Promise<Browser> {
  browser ??= await chromium.launch({ executablePath: process.env.YKT_CHROMIUM ?? '/usr/bin/chromium', args: FLAGS })
  return browser
}

afterAll(async () => {
  await browser?.close()
  browser = undefined
})

/** Whoever is at a page now. */
const present = new Set<Person>()

// What failed is read from a log, where no picture is: what each person had before them is said there.
afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return
  for (const person of present) console.error(await person.before())
})

type Scheme = 'light' | 'dark'

/** By what a page is judged, and what may differ once only its colours are others. */
type Rules = { type: string; values: string[] }
const RULES: Rules = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }
const RULES_OF_COLOUR: Rules = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] }

interface Place {
  target: string[]
  failureSummary?: string
}

/** What axe finds wrong, and what it leaves to a person. */
interface Judgement {
  violations: { id: string; nodes: Place[] }[]
  incomplete: { nodes: Place[] }[]
}

export class Person {
  /** What must stay empty: requests to elsewhere, violations of the policy, errors of scripts. */
  readonly troubles: string[] = []
  /** Of whoever signed in. */
  login?: string
  password?: string

  private constructor(readonly page: Page, readonly origin: string) {}

  /** Somebody who has not signed in, at the sandbox's portals; under another name of the server, if one is given. */
  static async arrive(language: 'zh-CN' | 'en' = 'zh-CN', origin = originOfServer()): Promise<Person> {
    const context = await (await launched()).newContext({ viewport: WINDOW, locale: language })
    await context.addInitScript((chosen) => {
      if (!localStorage.getItem('ykt.preferences')) {
        localStorage.setItem('ykt.preferences', JSON.stringify({ language: chosen, scheme: 'light' }))
      }
      document.addEventListener('securitypolicyviolation', (event) => {
        console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`)
      })
    }, language)
    const page = await context.newPage()
    page.setDefaultTimeout(60_000)
    const person = new Person(page, origin)
    present.add(person)
    page.on('request', (request) => {
      const url = request.url()
      if (!url.startsWith(origin) && !/^(data|blob):/.test(url)) person.troubles.push(`request to ${url}`)
    })
    page.on('console', (message) => {
      // A refusal of the API is the answer to a question; everything else that is an error is ours.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
        person.troubles.push(message.text())
      }
    })
    page.on('pageerror', (error) => person.troubles.push(String(error)))
    return person
  }

  /** Somebody of the demonstration's scene, signed in. */
  static async signedIn(role: string, language: 'zh-CN' | 'en' = 'zh-CN'): Promise<Person> {
    const account = accountOf(role)
    const person = await Person.arrive(language)
    await person.signIn(account.login, account.password)
    return person
  }

  /** Somebody who plays a part in the country, signed in. */
  static async named(login: string): Promise<Person> {
    const account = accountNamed(login)
    const person = await Person.arrive()
    await person.signIn(account.login, account.password)
    return person
  }

  async signIn(login: string, password: string): Promise<void> {
    Object.assign(this, { login, password })
    await this.open('sign-in')
    await this.page.locator('input[autocomplete=username]').fill(login)
    await this.page.locator('input[autocomplete=current-password]').fill(password)
    await this.page.locator('button[type=submit]').click()
    await this.page.getByTestId('scope').waitFor()
  }

  /** Signs in with a one-time password and replaces it. */
  async begin(login: string, secret: string): Promise<void> {
    const password = 'a long new passphrase'
    await this.open('sign-in')
    await this.page.locator('input[autocomplete=username]').fill(login)
    await this.page.locator('input[autocomplete=current-password]').fill(secret)
    await this.page.locator('button[type=submit]').click()
    const fresh = this.page.locator('input[autocomplete=new-password]')
    await fresh.first().waitFor()
    await this.page.locator('input[autocomplete=current-password]').fill(secret)
    for (const field of await fresh.all()) await field.fill(password)
    await this.page.locator('button[type=submit]').click()
    await this.page.getByTestId('scope').waitFor()
    Object.assign(this, { login, password })
  }

  /** Goes to a page by its address below the portal and waits for its title. */
  async open(path: string): Promise<void> {
    await this.page.goto(`${this.origin}/sandbox/portal/${path}`)
    await this.settled()
  }

  /** Waits until the page shows its title and nothing is still loading. */
  async settled(): Promise<void> {
    await this.page.locator('h1').first().waitFor()
    await this.page.waitForFunction(() => !document.querySelector('.loading, .ant-spin-spinning, .ant-table-loading, .ant-btn-loading'))
  }

  /** What an address of this server answers to them. */
  async read(path: string): Promise<Buffer> {
    const answer = await this.page.request.get(new URL(path, this.page.url()).href)
    expect(answer.ok(), path).toBe(true)
    return answer.body()
  }

  heading(): Locator {
    return this.page.locator('h1')
  }

  /**
   * Keeps pictures of the page in both schemes and holds it against the rules that every page keeps. They go on in the
   * other scheme than the one they came in.
   */
  async inspect(name: string): Promise<void> {
    const scheme = await this.scheme()
    await this.unfolded(WINDOW.width, async () => {
      await this.dress(scheme)
      await this.keep(`${name}-${scheme}`)
      expect(await this.blemishes(RULES), `axe: ${name}, ${scheme}`).toEqual([])
      const other = scheme === 'light' ? 'dark' : 'light'
      await this.dress(other)
      await this.keep(`${name}-${other}`)
      expect(await this.blemishes(RULES_OF_COLOUR), `axe: ${name}, ${other}`).toEqual([])
    })
    expect(await this.page.locator('h1').count(), `${name} has one h1`).toBe(1)
    expect(await this.page.locator('main').count(), `${name} has one main`).toBe(1)
    expect(this.troubles, name).toEqual([])
  }

  /** The same on a window as narrow as WCAG 1.4.10 asks: nothing stands beside it. */
  async inspectNarrow(name: string): Promise<void> {
    await this.page.setViewportSize({ width: 320, height: WINDOW.height })
    // A picture is drawn anew a moment after its place has become narrower.
    const width = () => this.page.evaluate(() => document.documentElement.scrollWidth)
    await expect.poll(width, { message: `${name} at 320 px` }).toBeLessThanOrEqual(320)
    await this.picture(`${name}-320`, 320)
    await this.page.setViewportSize(WINDOW)
  }

  async picture(name: string, width = WINDOW.width): Promise<void> {
    await this.unfolded(width, () => this.keep(name))
  }

  /** Looks from a window as tall as the page: what sticks to an edge is where a reader finds it. */
  private async unfolded(width: number, look: () => Promise<void>): Promise<void> {
    const height = await this.page.evaluate(() => document.documentElement.scrollHeight)
    await this.page.setViewportSize({ width, height: Math.max(WINDOW.height, height) })
    await look()
    await this.page.setViewportSize({ width, height: WINDOW.height })
  }

  private async keep(name: string): Promise<void> {
    mkdirSync(PICTURES, { recursive: true })
    await this.page.screenshot({ path: `${PICTURES}/${name}.png`, animations: 'disabled' })
  }

  private async scheme(): Promise<Scheme> {
    const scheme = await this.page.evaluate(() => document.documentElement.dataset.scheme)
    return scheme === 'dark' ? 'dark' : 'light'
  }

  async dress(scheme: Scheme): Promise<void> {
    await this.page.evaluate((chosen) => {
      const kept = JSON.parse(localStorage.getItem('ykt.preferences') ?? '{}') as object
      localStorage.setItem('ykt.preferences', JSON.stringify({ ...kept, scheme: chosen }))
      window.dispatchEvent(new StorageEvent('storage', { key: 'ykt.preferences' }))
    }, scheme)
    await this.page.waitForFunction((chosen) => document.documentElement.dataset.scheme === chosen, scheme)
    // Movements are brought to their end rather than waited for; one without an end (a spinner) is no movement between
    // two states, and what it stands for is waited for by `settled`.
    await this.page.waitForFunction(
      () => {
        const moving = document.getAnimations().filter((one) => {
          return one.playState === 'running' && one.effect?.getComputedTiming().endTime !== Infinity
        })
        for (const one of moving) one.finish()
        return moving.length === 0
      },
      undefined,
      { polling: 50 },
    )
  }

  private async blemishes(runOnly: Rules): Promise<string[]> {
    const { violations } = await this.judged(runOnly)
    return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`))
  }

  /** Where axe cannot say whether the contrast is enough: what must not become more. */
  async undecided(): Promise<string[]> {
    const { incomplete } = await this.judged({ type: 'rule', values: ['color-contrast'] })
    return incomplete.flatMap(({ nodes }) => nodes.map((node) => node.target.join(' '))).sort()
  }

  private async judged(runOnly: Rules): Promise<Judgement> {
    if (!(await this.page.evaluate(() => 'axe' in window))) await this.page.evaluate(axe.source)
    return this.page.evaluate(async (only) => {
      const { axe } = window as unknown as { axe: { run: (options: object) => Promise<Judgement> } }
      // What was found in order is told at length otherwise.
      const { violations, incomplete } = await axe.run({ runOnly: only, resultTypes: ['violations', 'incomplete'] })
      return { violations, incomplete }
    }, runOnly)
  }

  /** What they have before them, in words. */
  async before(): Promise<string> {
    const seen = await this.page.locator('body').ariaSnapshot().catch(String)
    return `${this.login ?? 'somebody'} at ${this.page.url()}\n${seen}`
  }

  async leave(): Promise<void> {
    present.delete(this)
    await this.page.context().close()
  }
}
