import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readConfig } from '../bin/config.ts'
import { startWorld } from '../bin/world.ts'
import { browserPath } from './testing/browser.ts'
import { type ConsoleWorld, type Lease, openConsole } from './testing/console.ts'

const ports = ['control.port', 'eim.esipaPort', 'eim.northboundPort', 'eim.onomondoPort', 'smdp.port', 'smds.port']
const flags = Object.fromEntries([...ports, 'provider.port', 'authorization.port'].map((name) => [name, 0]))
const quiet = { 'devices.count': 1, 'devices.pollIntervalSeconds': 3600, 'log.level': 'silent' }

/** Everything on one virtual clock, which the page stops and advances. */
const virtual = { ...flags, ...quiet, time: 'virtual', 'provider.enabled': false }

describe.runIf(browserPath)('console, on a clock of its own (runs where a Chromium is installed)', () => {
  test('the clock is stopped and advanced, and what falls due in between happens', async () => {
    const { page, call, axe, close } = await openConsole(() =>
      startWorld(readConfig({ environment: {}, flags: virtual })),
    )
    await page.getByText('live', { exact: true }).waitFor()
    await page.keyboard.press('5')
    const act = async (name: string) => {
      await page.locator('.choices').getByRole('button', { name, exact: true }).click()
      await page.locator('form.action').getByRole('button', { name, exact: true }).click()
      await page.locator('.answer[data-good="true"]').waitFor()
    }
    await act('stop the clock')
    await page.getByText('virtual, stopped').waitFor()
    const before = Date.parse(((await call('GET', '/clock')) as { now: string }).now)
    await act('advance the clock')
    expect(Date.parse(((await call('GET', '/clock')) as { now: string }).now) - before).toBe(3_600_000)
    await page.getByText('"advanceMs":3600000').waitFor()
    await page.keyboard.press('2')
    await page.locator('.row', { hasText: 'GetEimPackage' }).first().waitFor()
    await page.keyboard.press('5')
    await act('let the clock go on')
    await page.getByText('virtual, going on').waitFor()
    expect(await axe()).toEqual([])
    await close()
  })
})

describe.runIf(browserPath)('console, acting on a whole world (runs where a Chromium is installed)', () => {
  let world: ConsoleWorld
  let device: Lease

  beforeAll(async () => {
    world = await openConsole(() => startWorld(readConfig({ environment: {}, flags: { ...flags, ...quiet } })))
    device = await world.lease({ profiles: [{ state: 'enabled' }, { state: 'disabled' }], orders: [{}] })
    await world.page.locator('.device', { hasText: iccid(0) }).click()
  })
  afterAll(() => world?.close())

  const iccid = (i: number) => device.profiles[i]?.iccid ?? ''
  const view = async () =>
    (await world.call('GET', `/devices/${device.eid}`)) as {
      profiles: { iccid: string; state: string }[]
      reachable: boolean
    }
  const stateOf = async (i: number) => (await view()).profiles.find((profile) => profile.iccid === iccid(i))?.state
  const choose = (name: string) =>
    world.page.getByRole('navigation', { name: 'Actions' }).getByRole('button', { name, exact: true }).click()
  const send = async (name: string) => {
    await world.page.locator('form.action').getByRole('button', { name, exact: true }).click()
    return world.page.locator('.answer pre').textContent()
  }
  const act = async (name: string) => {
    await choose(name)
    return send(name)
  }

  test('a device is polled, power-cycled, cut off and reached again', async () => {
    await world.page.keyboard.press('5')
    expect(await act('poll now')).toContain('packagesProcessed')
    expect(await act('power-cycle the card')).toBe('done')
    expect(await act('connectivity')).toContain('"reachable": false')
    await world.page.locator('.device', { hasText: 'unreachable' }).waitFor()
    await world.page.getByLabel('The device is').selectOption('reachable')
    await send('connectivity')
    await expect.poll(async () => (await view()).reachable).toBe(true)
  })

  test('an APDU goes to the card, and its command line is shown', async () => {
    expect(await act('send an APDU')).toContain('response')
    await world.page
      .locator('.equivalent pre', { hasText: `curl -s -X POST ${new URL(world.control).origin}` })
      .waitFor()
  })

  test('packages are queued at the eIM and reach the card', async () => {
    await choose('enable a profile')
    await world.page.getByLabel('ICCID', { exact: true }).selectOption(iccid(1))
    expect(await send('enable a profile')).toContain('queued')
    await expect.poll(() => stateOf(1)).toBe('enabled')
    await choose('any package')
    await world.page.getByLabel('PackageOrder of the eIM').fill('{ "psmo": [] }')
    expect(await send('any package')).toContain('schema')
    await world.page.getByLabel('PackageOrder of the eIM').fill('{')
    await world.page.locator('.verdict.bad').waitFor()
  })

  test('an operation of the API is called and followed from its POST to its event', async () => {
    const { page } = world
    await choose('call the API')
    await page.getByLabel('Operation').selectOption({ label: 'POST /esim/enable' })
    const body = { esim: { eid: device.eid, iccid: iccid(0) }, sink: 'http://127.0.0.1:9/events' }
    await page.getByLabel('Body').fill(JSON.stringify(body))
    expect(await send('POST /esim/enable')).toContain('202')
    await expect.poll(() => stateOf(0)).toBe('enabled')
    await page.keyboard.press('Escape')
    await page.locator('h2').first().click()
    await page.keyboard.press('2')
    await page.getByLabel('Search the timeline').fill('POST /esim/enable')
    await page.locator('.row').first().click()
    await page.getByRole('button', { name: 'follow' }).click()
    await page.locator('.row[data-interface="API"]').first().waitFor()
    await page.evaluate("document.querySelector('.timeline .scroller').scrollTop = 0")
    for (const hop of ['northbound', 'ESipa', 'ES10', 'card'])
      await page.locator(`.row[data-interface="${hop}"]`).first().waitFor()
    await world.shoot('follow')
    await expect
      .poll(async () => {
        await page.evaluate("document.querySelector('.timeline .scroller').scrollTop = 1e6")
        return page.locator('.row[data-interface="event"]').count()
      })
      .toBeGreaterThan(0)
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'show all' }).click()
  })

  test('a fault is found, told its parameters, switched on, seen where it struck, and switched off', async () => {
    const { page } = world
    await page.keyboard.press('4')
    await page.getByLabel('Search the catalogue').fill('cat-busy')
    await page.getByRole('button', { name: 'card/cat-busy' }).click()
    await page.getByLabel('strikes at most').fill('1')
    await page.getByLabel('chance of each').fill('1')
    await page.getByLabel('seed', { exact: true }).fill('7')
    await page.getByRole('button', { name: 'switch it on here' }).click()
    await page.getByRole('heading', { name: 'Switched on (1)' }).waitFor()
    await page.getByText('count 1').waitFor()
    await world.call('POST', `/devices/${device.eid}/packages`, { psmo: [{ enable: { iccid: iccid(1) } }] })
    await page.getByRole('button', { name: '1 strike' }).waitFor()
    await world.shoot('faults')
    expect(await world.axe()).toEqual([])
    await page.getByRole('button', { name: '1 strike' }).click()
    await page.locator('.row[data-interface="fault"]', { hasText: 'injected into ES10' }).waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('4')
    await page.getByRole('button', { name: 'Change card/cat-busy' }).click()
    await expect.poll(() => page.getByLabel('seed', { exact: true }).inputValue()).toBe('7')
    await page.getByLabel('strikes at most').fill('2')
    await page.getByRole('button', { name: 'change it' }).click()
    await page.getByText('count 2').waitFor()
    await page.getByRole('heading', { name: 'Switched on (1)' }).waitFor()
    await page.getByRole('button', { name: 'everything off' }).click()
    await page.getByText('Nothing is switched on.').waitFor()
  })

  test('a conformance run is started, watched, and opened at its place in the timeline', async () => {
    const { page } = world
    await page.keyboard.press('6')
    await page.getByLabel('Tag expression').fill('@nothing-has-this-tag')
    await page.getByRole('button', { name: 'start a run' }).click()
    await page.locator('.verdict.bad').waitFor()
    await page.getByLabel('Tag expression').fill('@req:esim-management/disable/disables')
    await page.getByRole('button', { name: 'start a run' }).click()
    await page.getByRole('heading', { name: 'ended: pass' }).waitFor()
    await world.shoot('conformance')
    await world.call('POST', '/faults', { fault: 'card/cat-busy' })
    await page.getByRole('button', { name: 'start a run' }).click()
    await page.getByRole('heading', { name: /ended: (fail|error)/ }).waitFor()
    await world.call('DELETE', '/faults')
    await page
      .locator('.checks li:is([data-verdict="fail"], [data-verdict="error"])')
      .getByRole('button', { name: 'open in the timeline' })
      .first()
      .click()
    await page.locator('.row[aria-selected="true"][data-trouble="true"]').waitFor()
  })

  test('a fault for several messages is narrowed to one, with its parameters, everywhere', async () => {
    const { page } = world
    await page.keyboard.press('4')
    await page.getByLabel('Search the catalogue').fill('card/status-word')
    await page.getByRole('button', { name: 'card/status-word' }).click()
    await page.getByLabel('message', { exact: true }).fill('ES10.GetEID')
    await page.getByRole('checkbox', { name: /only on/ }).uncheck()
    await page.getByRole('button', { name: 'switch it on everywhere' }).click()
    await page.getByRole('heading', { name: 'Switched on (1)' }).waitFor()
    expect(await world.call('GET', '/faults')).toMatchObject({ faults: [{ message: 'ES10.GetEID' }] })
    await page.getByRole('button', { name: 'everything off' }).click()
    await page.getByText('Nothing is switched on.').waitFor()
  })

  test('a memory reset deletes what it is told to', async () => {
    const { page } = world
    await page
      .locator('.device', { hasText: device.eid.slice(-4) })
      .first()
      .click()
    await page.keyboard.press('5')
    expect(await act('eUICC memory reset')).toContain('resetResult')
    await expect.poll(async () => (await view()).profiles.length).toBe(0)
  })

  test('a run is kept, opened, exported, imported, deleted, and begun anew, each with its command line', async () => {
    const { page } = world
    await page.keyboard.press('5')
    await choose('export, import, begin anew')
    await page.getByRole('button', { name: 'keep the run so far' }).click()
    const kept = page.locator('.kept li')
    await kept.filter({ hasText: 'a snapshot' }).getByRole('button', { name: 'open' }).click()
    await page.getByText('a run from a file').waitFor()
    await page.getByRole('button', { name: 'back to live' }).click()
    await page.keyboard.press('5')
    await choose('export, import, begin anew')
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'export the run' }).click(),
    ])
    await page.getByLabel('A run to import').setInputFiles(await download.path())
    await page.getByRole('heading', { name: 'Kept by the testbed (2)' }).waitFor()
    await page.getByLabel('A run to import').setInputFiles({ name: 'x', mimeType: '', buffer: Buffer.from('{}') })
    await page.locator('.verdict.bad', { hasText: 'Line 1' }).waitFor()
    await page.locator('.way', { hasText: 'import a run' }).getByText('by hand').click()
    await page.getByText('--data-binary @').waitFor()
    for (const left of [1, 0]) {
      await kept.first().getByRole('button', { name: 'delete' }).click()
      await page.getByRole('heading', { name: `Kept by the testbed (${left})` }).waitFor()
    }
    await page.getByRole('button', { name: 'begin the run anew' }).click()
    await page.getByText('nothing went wrong').waitFor()
    await page.keyboard.press('2')
    await page.getByText('No message here yet.').waitFor()
  })

  test('asked for nothing outside, broke no policy and logged no error', () => {
    // An answer that refuses is what the page asked for; the browser logs its status all the same.
    expect(world.problems.filter((problem) => !/status of 4\d\d/.test(problem))).toEqual([])
  })
})
