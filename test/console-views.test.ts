import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browserPath } from './testing/browser.ts'
import { type ConsoleWorld, type Lease, openConsole } from './testing/console.ts'

const views = ['fleet', 'timeline', 'card', 'faults', 'act', 'conformance'] as const
const wide = { width: 1280, height: 800 }
const narrow = { width: 390, height: 844 }

/** Every view as somebody sees who opens the page while something fails: both themes, both widths, and with nothing but the keyboard. */
describe.runIf(browserPath)('console, every view (runs where a Chromium is installed)', () => {
  let world: ConsoleWorld
  let device: Lease

  beforeAll(async () => {
    world = await openConsole()
    device = await world.lease({
      profiles: [{ state: 'enabled' }, { state: 'disabled', fallback: true }],
      orders: [{ refuse: 'matchingId' }],
    })
    const { page, call } = world
    const fault = { fault: 'card/cat-busy', devices: [device.eid], when: { nth: 1, count: 1 } }
    await call('POST', '/faults', fault)
    const order = (body: object) => call('POST', `/devices/${device.eid}/packages`, body)
    await order({ psmo: [{ enable: { iccid: device.profiles[1]?.iccid } }] })
    await order({ download: { activationCode: device.orders[0]?.activationCode } })
    await page.getByRole('button', { name: /went wrong/ }).waitFor()
  })
  afterAll(() => world?.close())

  const show = async (page: Page, view: string, isNarrow: boolean) => {
    const bar = page.getByRole('navigation', isNarrow ? { name: 'narrow' } : { name: 'Views', exact: true })
    const name = isNarrow && view === 'conformance' ? 'checks' : view
    if (isNarrow || view !== 'fleet') await bar.getByRole('button', { name }).click()
  }

  test('the first thing that is seen is what went wrong, and where', async () => {
    const { page } = world
    const causes = page.getByRole('region', { name: 'What went wrong' })
    await causes.getByText('matching-id-known').waitFor()
    await causes.getByText('catBusy').or(causes.getByText('refused')).first().waitFor()
    await causes
      .getByText(`…${device.eid.slice(-6)}`)
      .first()
      .waitFor()
    await page.locator('.device').first().getByText('wrong').waitFor()
    await page.locator('.device').first().click()
  })

  test.each([
    ['light', 'wide', wide, undefined],
    ['dark', 'wide', wide, 'color-contrast'],
    ['light', 'narrow', narrow, undefined],
    ['dark', 'narrow', narrow, 'color-contrast'],
  ] as const)(
    'every view is accessible and fits: %s, %s',
    async (theme, width, viewport, rule) => {
      const { page } = world
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
      await page.setViewportSize(viewport)
      const look = async (name: string) => {
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(viewport.width)
        await world.shoot(`${name}-${theme}-${width}`)
        expect(await world.axe(rule)).toEqual([])
      }
      for (const view of views) {
        await show(page, view, width === 'narrow')
        await look(view)
      }
      await show(page, 'timeline', width === 'narrow')
      await page.getByRole('button', { name: /went wrong/ }).click()
      await page.locator('.inspector').waitFor()
      await look('trouble')
      await page.getByRole('button', { name: 'Close the inspector' }).click()
      await show(page, 'act', width === 'narrow')
      await page.getByRole('button', { name: 'export, import, begin anew' }).click()
      await look('runs')
      await page.getByRole('button', { name: 'advance the clock' }).click()
      await page.getByText('the clock of the machine').waitFor()
      await look('clock')
    },
    240_000,
  )

  /** Presses Tab until the element has the focus, which must be seen. */
  const reach = async (page: Page, selector: string) => {
    const wanted = page.locator(`:is(${selector}):focus-visible`)
    for (let i = 0; i < 250; i++) {
      if ((await wanted.count()) > 0) return
      await page.keyboard.press('Tab')
    }
    throw new Error(`Tab does not lead to ${selector}`)
  }

  test('every view and every action is reached with the keyboard alone', async () => {
    const { page } = world
    await page.setViewportSize(wide)
    await page.reload()
    await page.getByText('live', { exact: true }).waitFor()
    await page.keyboard.press('s')
    await page.keyboard.type(device.eid.slice(-8))
    await page.getByText('1 of').waitFor()
    await reach(page, '.device')
    await page.keyboard.press('Enter')
    await page.locator('.device[aria-pressed="true"]').waitFor()

    await page.keyboard.press('3')
    await reach(page, '.slot[data-state="disabled"]')
    await page.keyboard.press('Enter')
    await page.locator('.slot[aria-pressed="true"][data-state="disabled"]').waitFor()

    await page.keyboard.press('2')
    await reach(page, '.troubles button')
    await page.keyboard.press('Enter')
    await page.locator('.inspector').waitFor()
    await reach(page, '[role="treeitem"]')
    await page.locator('.node[aria-selected="true"]').waitFor()
    await page.keyboard.press('ArrowLeft')
    await page.locator('.node[aria-selected="true"][aria-expanded="false"]').waitFor()
    await page.keyboard.press('f')
    await page.locator('.following').waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')

    await page.keyboard.press('4')
    await reach(page, '.choices input')
    await page.keyboard.type('cat-busy')
    await reach(page, '.choices button')
    await page.keyboard.press('Enter')
    await reach(page, '.action .primary')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Switched on (2)' }).waitFor()
    await reach(page, '.act .panel > .bar button')
    await page.keyboard.press('Enter')
    await page.getByText('Nothing is switched on.').waitFor()

    await page.locator('body').press('5')
    const choices = page.locator('.choices button')
    const names = await choices.allTextContents()
    await reach(page, '.choices fieldset:first-child button')
    for (const [i, name] of names.entries()) {
      await page.keyboard.press('Enter')
      await page.locator('.choices button[aria-pressed="true"]', { hasText: name }).waitFor()
      if (i < names.length - 1) await page.keyboard.press('Tab')
      await expect.poll(() => page.locator('.choices button:focus-visible').textContent()).toBe(names[i + 1] ?? name)
    }
    await page.keyboard.press('Shift+Tab')
    while ((await page.locator('.choices button:focus').textContent()) !== 'poll now')
      await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('Enter')
    await reach(page, '.action .primary')
    await page.keyboard.press('Enter')
    await page.locator('.answer', { hasText: 'packagesProcessed' }).waitFor()

    await page.locator('body').press('6')
    await reach(page, '.tags')
    await page.keyboard.type('@none')
    await reach(page, '.act .primary')
    await page.keyboard.press('Enter')
    await page.locator('.verdict.bad').waitFor()
  })

  test('asked for nothing outside, broke no policy and logged no error', () => {
    expect(world.problems.filter((problem) => !/status of 404/.test(problem))).toEqual([])
  })
})
