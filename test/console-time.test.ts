import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestbed } from '../emulator/testbed/index.ts'
import { browserPath } from './testing/browser.ts'
import { type ConsoleWorld, type Lease, openConsole, testbedOptions } from './testing/console.ts'
import { openLine, type UnsteadyLine } from './testing/unsteady-line.ts'

describe.runIf(browserPath)('console, time and trouble (runs where a Chromium is installed)', () => {
  let world: ConsoleWorld
  let line: UnsteadyLine
  let device: Lease
  let file = ''

  beforeAll(async () => {
    const testbed = await startTestbed(testbedOptions)
    line = await openLine(Number(new URL(testbed.doors.console).port))
    const start = async () => ({ doors: { ...testbed.doors }, close: testbed.close })
    world = await openConsole(start, { at: `http://127.0.0.1:${line.port}` })
    device = await world.lease({ profiles: [{ state: 'enabled' }, { state: 'disabled' }] })
  })
  afterAll(async () => {
    await line?.close()
    await world?.close()
  })

  const iccid = (i: number) => device.profiles[i]?.iccid ?? ''

  /** How much the page knows, and how much there is to be known. */
  const known = async () =>
    Number(/of (\d+)/.exec((await world.page.locator('.filters output').textContent()) ?? '')?.[1])
  const there = async () => {
    const { next } = (await world.call('GET', '/trace?after=1000000')) as { next: number }
    const { messages } = (await world.call('GET', '/trace?limit=1000')) as { messages: { index: number }[] }
    const { devices } = (await world.call('GET', '/devices?limit=100')) as { devices: { sequence: number }[] }
    expect(next).toBeGreaterThan(0)
    return (messages.at(-1)?.index ?? 0) + devices.reduce((sum, { sequence }) => sum + sequence, 0)
  }

  test('a cut stream is joined again without a gap', async () => {
    const { page } = world
    await page.getByText('live', { exact: true }).waitFor()
    line.cut()
    await page.getByText('connection lost, trying again…').waitFor()
    await world.call('POST', `/devices/${device.eid}/packages`, {
      psmo: [{ enable: { iccid: device.profiles[1]?.iccid } }],
    })
    await world.call('POST', `/devices/${device.eid}/polls`)
    line.mend()
    await page.getByText('live', { exact: true }).waitFor()
    await expect.poll(known).toBe(await there())
  })

  test('the slider goes to a moment, and the card is as it was then', async () => {
    const { page } = world
    await page.locator('.device', { hasText: iccid(1) }).click()
    await page.keyboard.press('3')
    const slot = (i: number) => page.locator('.slot', { hasText: iccid(i) })
    await slot(1).getByText('enabled', { exact: true }).waitFor()
    await page.keyboard.press('2')
    await page.getByLabel('Search the timeline').fill(`profile-enabled ${device.profiles[0]?.iccid}`)
    await page.locator('.row').first().click()
    await page.getByRole('button', { name: 'go to this moment' }).click()
    await page.keyboard.press('3')
    await slot(0).getByText('enabled', { exact: true }).waitFor()
    await slot(1).getByText('disabled', { exact: true }).waitFor()
    await expect.poll(() => page.locator('.when').getAttribute('data-now')).toBe('false')
  })

  test('two moments are compared', async () => {
    const { page } = world
    await page.getByRole('button', { name: 'compare from here' }).click()
    await page.getByRole('button', { name: 'now', exact: true }).click()
    const difference = page.locator('.differences li', { hasText: `profiles.${device.profiles[1]?.iccid}.state` })
    await difference.locator('ins', { hasText: 'enabled' }).waitFor()
    await world.shoot('time-travel')
    await page.getByRole('button', { name: 'stop comparing' }).click()
    await page.getByRole('slider').focus()
    await page.keyboard.press('Home')
    await page.getByText('No profile was ever on this card.').waitFor()
    await page.keyboard.press('n')
    await page.locator('.when[data-now="true"]').waitFor()
  })

  test('a run is exported, and opened again without the testbed', async () => {
    const { page } = world
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'export run' }).click(),
    ])
    file = await download.path()
    expect(readFileSync(file, 'utf8')).toContain('esim-testbed/run/1')
    const count = await world.page.locator('.fleet output').textContent()
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'run.ndjson', mimeType: 'text/plain', buffer: readFileSync(file) })
    await page.getByText('a run from a file').waitFor()
    await expect.poll(() => page.locator('.fleet output').textContent()).toBe(count)
    await page
      .locator('.slot', { hasText: iccid(1) })
      .getByText('enabled', { exact: true })
      .waitFor()
    await page.getByRole('button', { name: 'back to live' }).click()
    await page.getByText('live', { exact: true }).waitFor()
  })

  test('a file that is no run is refused with the reason', async () => {
    const { page } = world
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'x.ndjson', mimeType: 'text/plain', buffer: Buffer.from('{}') })
    await page.getByRole('alert').getByText('Line 1').waitFor()
  })

  test('everything is reached with the keyboard alone, and the focus is seen', async () => {
    const { page } = world
    await page.keyboard.press('2')
    await page.keyboard.press('/')
    await page.keyboard.press('Control+a')
    await page.keyboard.press('Backspace')
    await page.keyboard.press('Escape') // out of the search
    // The list follows what is typed when there is time.
    await page.locator('.row').nth(9).waitFor()
    await page.keyboard.press('Escape') // away from what was chosen before
    await page.keyboard.press('j')
    const first = await page.locator('.row[aria-selected="true"]').getAttribute('data-id')
    await page.keyboard.press('j')
    await page.locator(`.row[aria-selected="true"]:not([data-id="${first}"])`).waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keys' }).waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('s')
    await page.keyboard.type('globex')
    await page.getByText('0 of 3').waitFor()
    await page.keyboard.press('Control+a')
    await page.keyboard.press('Backspace')
    await page.locator('.device').nth(2).waitFor()
    for (let i = 0; i < 2; i++) await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.locator('.device[aria-pressed="true"]:focus-visible').waitFor()
    for (const [key, title] of [
      ['4', 'Faults'],
      ['5', 'Act'],
      ['6', 'Conformance'],
    ] as const) {
      await page.locator('body').press(key)
      await page.getByRole('heading', { level: 2, name: new RegExp(`^${title}`) }).waitFor()
    }
  })

  test('both themes are chosen by hand, too', async () => {
    const { page } = world
    const background = () => page.evaluate('getComputedStyle(document.documentElement).backgroundColor')
    await page.getByRole('button', { name: 'Theme: auto' }).click()
    const light = await background()
    await page.getByRole('button', { name: 'Theme: light' }).click()
    expect(await background()).not.toBe(light)
    await page.getByRole('button', { name: 'Theme: dark' }).click()
  })

  test('who wants less motion sees none', async () => {
    const { page } = world
    await page.emulateMedia({ reducedMotion: 'reduce' })
    expect(await page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--flash')")).toBe('none')
  })

  test('a page that crashes does not disturb the testbed', async () => {
    await world.page.goto('chrome://crash').catch(() => {})
    expect(await world.call('GET', '/clock')).toHaveProperty('now')
    expect(await world.call('POST', `/devices/${device.eid}/polls`)).toHaveProperty('packagesProcessed')
  })

  test('a token is asked for where the control API wants one', async () => {
    const guarded = await openConsole(async () => {
      const { doors, close } = await startTestbed({
        ...testbedOptions,
        devices: 1,
        control: { port: 0, token: 'let me in' },
      })
      return { doors: { ...doors }, close }
    })
    const { page, close } = guarded
    await page.getByRole('dialog', { name: 'This testbed wants a token' }).waitFor()
    await page.getByLabel('Token', { exact: true }).fill('let me in')
    await page.getByRole('button', { name: 'use it' }).click()
    await page.getByText('live', { exact: true }).waitFor()
    await page.getByText('1 device').waitFor()
    await close()
  })
})
