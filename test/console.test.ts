import { mkdirSync } from 'node:fs'
import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestbed, type Testbed } from '../emulator/testbed/index.ts'
import { browserPath, openBrowser } from './testing/browser.ts'

const SCREENSHOTS = 'reports/screenshots'

describe.runIf(browserPath)('console (runs where a Chromium is installed)', () => {
  let testbed: Testbed
  let browser: Browser
  let page: Page
  const problems: string[] = []

  beforeAll(async () => {
    testbed = await startTestbed({
      version: 'test',
      seed: 'a test of the page',
      host: '127.0.0.1',
      name: 'localhost',
      devices: 2,
      pollIntervalMs: 3_600_000,
      control: { port: 0, token: '' },
      eim: { id: 'eim.testbed.example', esipaPort: 0, northboundPort: 0, onomondoPort: 0 },
      smdp: { port: 0 },
      smds: { port: 0 },
    })
    browser = await openBrowser()
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
    page.on('pageerror', (error) => problems.push(error.message))
    page.on('requestfailed', (request) => !request.url().endsWith('/events') && problems.push(request.url()))
    await page.goto(testbed.doors.console)
    mkdirSync(SCREENSHOTS, { recursive: true })
  })

  afterAll(async () => {
    await browser?.close()
    await testbed?.close()
  })

  const lease = async (body: unknown): Promise<{ eid: string; profiles: { iccid: string }[] }> => {
    const options = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
    const answer = await fetch(`${testbed.doors.control}/leases`, options)
    return (await answer.json()) as { eid: string; profiles: { iccid: string }[] }
  }

  test('shows every device and follows what its card does, live', async () => {
    await page.getByText('live', { exact: true }).waitFor()
    await page.locator('#devices tr').nth(1).waitFor()
    const { eid, profiles } = await lease({ profiles: [{ state: 'enabled' }, { state: 'disabled', fallback: true }] })
    await page.getByRole('button', { name: eid }).click()
    const card = page.locator('#card')
    await card.getByText(`${profiles[0]?.iccid} enabled`).waitFor()
    await card.getByText(`${profiles[1]?.iccid} disabled · fallback`).waitFor()
    expect(await page.locator('#devices tr[aria-selected="true"]').textContent()).toContain(profiles[0]?.iccid)
    await page.screenshot({ path: `${SCREENSHOTS}/state-page.png` })
  })

  test('shows the messages of every hop, and of the chosen device only when asked', async () => {
    await page.locator('#messages li[data-interface="ES10"]').first().waitFor()
    for (const hop of ['ESipa', 'ES9+', 'card'])
      expect(await page.locator(`#messages li[data-interface="${hop}"]`).count()).toBeGreaterThan(0)
    const all = await page.locator('#messages li').count()
    await page.getByLabel('only of the chosen device').check()
    expect(await page.locator('#messages li').count()).toBeLessThan(all)
    await page.locator('#messages summary').first().click()
    expect(await page.locator('#messages .hex').first().isVisible()).toBe(true)
  })

  test('is readable on a narrow screen in the dark', async () => {
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.setViewportSize({ width: 390, height: 844 })
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)
    await page.screenshot({ path: `${SCREENSHOTS}/state-page-narrow.png` })
  })

  test('asked for nothing outside, broke no policy and logged no error', () => {
    expect(problems).toEqual([])
  })
})
