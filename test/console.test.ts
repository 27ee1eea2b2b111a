import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browserPath } from './testing/browser.ts'
import { type ConsoleWorld, type Lease, openConsole } from './testing/console.ts'

describe.runIf(browserPath)('console (runs where a Chromium is installed)', () => {
  let world: ConsoleWorld
  let device: Lease

  beforeAll(async () => {
    world = await openConsole()
  })
  afterAll(() => world?.close())

  const fleet = () => world.page.locator('.fleet')
  const rows = (more = '') => world.page.locator(`.row${more}`)

  test('the fleet shows every device and what its card does, live', async () => {
    const { page } = world
    await page.getByText('live', { exact: true }).waitFor()
    await fleet().locator('.device').nth(1).waitFor()
    device = await world.lease({
      profiles: [{ state: 'enabled' }, { state: 'disabled', fallback: true }],
      orders: [{}, { refuse: 'matchingId' }],
    })
    await fleet()
      .getByText(device.profiles[0]?.iccid ?? '')
      .waitFor()
    await page.getByLabel('Search the fleet').fill(device.profiles[1]?.iccid ?? '')
    await fleet().getByText('1 of 3').waitFor()
    await fleet().locator('.device').click()
    expect(await fleet().locator('.device[aria-pressed="true"]').textContent()).toContain('fallback')
    await page.getByLabel('Search the fleet').fill('')
  })

  test('the card shows profiles, associations, certificates and files, and a change when it happens', async () => {
    const { page, call } = world
    await page.getByRole('navigation', { name: 'Views', exact: true }).getByRole('button', { name: 'card' }).click()
    const [first, second] = device.profiles.map(({ iccid }) => iccid)
    const slot = (iccid = '') => page.locator('.slot', { hasText: iccid })
    await slot(first).getByText('enabled', { exact: true }).waitFor()
    await slot(second).getByText('fallback', { exact: true }).waitFor()
    for (const text of ['eim.testbed.example', 'root SM-DS', 'Certificates (6)', '2fe2'])
      await page.locator('.card-view').getByText(text).first().waitFor()
    await call('POST', `/devices/${device.eid}/packages`, { psmo: [{ enable: { iccid: second } }] })
    await slot(second).locator('.flash', { hasText: 'enabled' }).waitFor()
    await slot(first).getByText('disabled', { exact: true }).waitFor()
    await page.getByRole('img', { name: `Profile ${second} is enabled. install, enable` }).waitFor()
    await world.shoot('card')
    expect(await world.axe()).toEqual([])
  })

  test('the timeline shows every hop, filters, and goes to what went wrong', async () => {
    const { page, call } = world
    await page.keyboard.press('2')
    for (const hop of ['ES10', 'ESipa', 'card']) await rows(`[data-interface="${hop}"]`).first().waitFor()
    await page.getByLabel('Search the timeline').fill('HandleNotification')
    await rows().first().waitFor()
    expect(await rows('[data-interface="ES10"]').count()).toBe(0)
    await page.getByLabel('Search the timeline').fill('')
    const activationCode = device.orders[1]?.activationCode
    await page.getByText('nothing went wrong').waitFor()
    await call('POST', `/devices/${device.eid}/packages`, { download: { activationCode } })
    await page.getByRole('button', { name: /went wrong/ }).click()
    await page.locator('.inspector .verdict.bad').waitFor()
    const causes = page.getByRole('region', { name: 'What went wrong' }).getByRole('button')
    await causes.filter({ hasText: '8.2.6/3.8' }).filter({ hasText: 'after it' }).click()
    await expect.poll(() => page.locator('.inspector h2').textContent()).toContain('AuthenticateClient')
    expect(await rows('[aria-selected="true"][data-trouble="true"]').count()).toBe(1)
    await page.getByLabel('only trouble').check()
    await page.getByRole('button', { name: 'ES9+' }).dblclick()
    await page.locator('.row[data-interface="ES9+"]', { hasText: '8.2.6/3.8' }).first().click()
    await page.locator('.inspector').getByText('8.2.6', { exact: true }).waitFor()
    await world.shoot('trouble')
    await page.getByRole('button', { name: 'ES9+' }).dblclick()
    await page.getByLabel('only trouble').uncheck()
  })

  test('the inspector shows a message as a tree and as octets, and one lights the other', async () => {
    const { page } = world
    await page.getByLabel('Search the timeline').fill('AuthenticateServer')
    await rows().first().click()
    const leaf = page.getByRole('treeitem').filter({ hasText: 'serverSignature1' })
    await leaf.hover()
    await expect.poll(() => page.locator('.hex .lit').count()).toBe(67)
    await page.locator('.hex [data-offset="4"]').hover()
    expect(await leaf.getAttribute('aria-selected')).toBe('false')
    await page.locator('[role="treeitem"][aria-selected="true"]').waitFor()
    await page.getByText('✓ serverSignature1 signed by').waitFor()
    await page.getByText('✓ serverCertificate of DPauth').waitFor()
    await world.shoot('inspector')
    expect(await world.axe()).toEqual([])
    await page.keyboard.press('w')
    const [tree, hex] = await Promise.all([page.locator('.tree').boundingBox(), page.locator('.hex').boundingBox()])
    expect((tree?.x ?? 0) + (tree?.width ?? 0)).toBeLessThan(hex?.x ?? 0)
    await world.shoot('inspector-wide')
    await page.keyboard.press('w')
  })

  test('signatures that are also over another message have a verdict', async () => {
    const { page } = world
    await page.getByLabel('Search the timeline').fill('PrepareDownload')
    await rows().nth(0).click()
    await page.getByText('✓ smdpSignature2 signed by').waitFor()
    await rows().nth(1).click()
    await page.getByText('✓ euiccSignature2 signed by eUICC').waitFor()
  })

  test('a message is copied as hexadecimal, as a command, and as a test vector', async () => {
    const { page } = world
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    const copied = async (name: string) => {
      await page.getByRole('button', { name, exact: true }).click()
      await page.getByText(`${name} copied`).waitFor()
      return (await page.evaluate('navigator.clipboard.readText()')) as string
    }
    expect(await copied('hex')).toMatch(/^bf21[0-9a-f]+$/)
    expect(JSON.parse(await copied('vector'))).toMatchObject({ type: 'PrepareDownloadResponse' })
    expect(await copied('command')).toContain('esim-testbed decode bf21')
    await page.getByLabel('Search the timeline').fill('InitiateAuthentication')
    await rows('[data-interface="ES9+"]').first().click()
    expect(await copied('curl')).toContain('/gsma/rsp2/es9plus/initiateAuthentication')
    await page.keyboard.press('Escape')
    await page.getByLabel('Search the timeline').fill('')
    await page.keyboard.press('Escape')
  })

  test('has no cookies, and its policy allows nothing from outside', async () => {
    const { page } = world
    expect(await page.context().cookies()).toEqual([])
    const answer = await page.request.get(page.url())
    expect(answer.headers()['content-security-policy']).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self'/,
    )
  })

  test('asked for nothing outside, broke no policy and logged no error', () => {
    expect(world.problems).toEqual([])
  })
})
