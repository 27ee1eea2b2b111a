/** A testbed, and a person before its console in a real Chromium. */
import { mkdirSync } from 'node:fs'
import axe from 'axe-core'
import type { Browser, Page } from 'playwright'
import { startTestbed } from '../../emulator/testbed/index.ts'
import { small } from '../../emulator/testbed/testing/small.ts'
import { openBrowser } from './browser.ts'

const SCREENSHOTS = 'reports/screenshots'

export interface Lease {
  readonly eid: string
  readonly profiles: readonly { readonly iccid: string }[]
  readonly orders: readonly { readonly iccid: string; readonly activationCode: string }[]
}

export interface ConsoleWorld {
  readonly control: string
  readonly page: Page
  /** What the browser complained of: errors, broken policies, failed requests. */
  readonly problems: readonly string[]
  call(method: string, path: string, body?: unknown): Promise<never>
  lease(shape: unknown): Promise<Lease>
  /** Kept as an artifact of the test run. */
  shoot(name: string): Promise<void>
  /** Accessibility: what axe-core finds wrong with the page as it is, by all of its rules or by this one. */
  axe(rule?: string): Promise<readonly string[]>
  close(): Promise<void>
}

export const testbedOptions = small({ seed: 'a test of the page', devices: 2 })

/** What has a console: a testbed, or a world with a provider. */
interface Started {
  readonly doors: Readonly<Record<string, string>>
  close(): Promise<void>
}

const plain = async (): Promise<Started> => {
  const { doors, close } = await startTestbed(testbedOptions)
  return { doors: { ...doors }, close }
}

/** `at`: where the page is opened instead of at the door. */
export async function openConsole(
  start: () => Promise<Started> = plain,
  { token = '', at = '' } = {},
): Promise<ConsoleWorld> {
  const started = await start()
  const { console: door = '', control = '' } = started.doors
  const browser: Browser = await openBrowser()
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, acceptDownloads: true })
  const problems: string[] = []
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('requestfailed', (request) => !request.url().includes('/events') && problems.push(request.url()))
  mkdirSync(SCREENSHOTS, { recursive: true })
  await page.goto(at || door)
  const call = async (method: string, path: string, body?: unknown) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
    const json = body === undefined ? {} : { body: JSON.stringify(body) }
    const answer = await fetch(control + path, { method, headers, ...json })
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return (answer.status === 204 ? undefined : await answer.json()) as never
  }
  return {
    control,
    page,
    problems,
    call,
    lease: (shape) => call('POST', '/leases', shape),
    shoot: async (name) => void (await page.screenshot({ path: `${SCREENSHOTS}/${name}.png` })),
    async axe(rule) {
      await page.evaluate(axe.source)
      const options = rule === undefined ? {} : { runOnly: { type: 'rule', values: [rule] } }
      const { violations } = (await page.evaluate(`axe.run(document, ${JSON.stringify(options)})`)) as {
        violations: { id: string; nodes: { html: string; failureSummary: string }[] }[]
      }
      return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html, failureSummary }) => `${id}: ${html}: ${failureSummary}`),
      )
    },
    async close() {
      await browser.close()
      await started.close()
    },
  }
}
