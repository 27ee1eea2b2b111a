import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { certificateToPem, makePki } from '../certs/index.ts'
import { createHttpClient } from '../emulator/ports/index.ts'
import { readCertificate } from '../protocol/crypto/index.ts'
import { createEmulatedWorld, type Wiring } from './testing/emulated-world.ts'

type World = Awaited<ReturnType<typeof createEmulatedWorld>>

const everyWay = (['in process', 'over sockets'] as const).flatMap((wiring): readonly [Wiring, 'asn1' | 'json'][] => [
  [wiring, 'asn1'],
  [wiring, 'json'],
])

/** One device through the life of two profiles. Each test goes on where the last one ended. */
describe.each(everyWay)('the life of profiles, %s, ESipa in %s', (wiring, binding) => {
  let world: World
  let home: string
  let travel: string
  beforeAll(async () => {
    world = await createEmulatedWorld(wiring, { esipaBindings: { 'eim.test': binding } })
  })
  afterAll(() => world.close())

  const stateOf = (iccid: string) => world.profiles().find((profile) => profile.iccid === iccid)?.state
  const psmo = (operation: string, value = {}) => world.run({ psmo: [{ [operation]: value }] })
  const ok = (operation: string, result = 'ok') => ({
    state: 'done',
    result: { kind: 'euiccPackageResult', verified: true, results: [{ operation, result }] },
  })

  test('two profiles are downloaded by trigger, and the eUICC, the SM-DP+ and the eIM agree on it', async () => {
    const [first, second] = [false, true].map((fallbackAllowed) =>
      world.orders.create({ profile: { fallbackAllowed } }),
    )
    if (!first || !second) throw new Error('no orders')
    home = first.iccid
    travel = second.iccid
    for (const { iccid, activationCode } of [first, second]) {
      expect(await world.run({ download: { activationCode } })).toMatchObject({
        state: 'done',
        result: { kind: 'profileInstallationResult', verified: true, outcome: 'success', iccid },
      })
      expect(stateOf(iccid)).toBe('disabled')
      expect(world.orders.get(iccid)).toMatchObject({ state: 'installed', result: { kind: 'success' } })
      expect(await world.northbound('GET', `/profiles/${iccid}`)).toMatchObject({ eid: world.eid, state: 'disabled' })
    }
  })

  test('one is enabled, then the other, which disables the first', async () => {
    expect(await psmo('enable', { iccid: home })).toMatchObject(ok('enable'))
    expect([stateOf(home), stateOf(travel)]).toEqual(['enabled', 'disabled'])
    expect(await psmo('enable', { iccid: travel, rollback: true })).toMatchObject(ok('enable'))
    expect([stateOf(home), stateOf(travel)]).toEqual(['disabled', 'enabled'])
    expect(await psmo('enable', { iccid: travel })).toMatchObject(ok('enable', 'profileNotInDisabledState'))
  })

  test('the fallback attribute goes to the profile that allows it', async () => {
    expect(await psmo('setFallbackAttribute', { iccid: home })).toMatchObject(
      ok('setFallbackAttribute', 'fallbackNotAllowed'),
    )
    expect(await psmo('setFallbackAttribute', { iccid: travel })).toMatchObject(ok('setFallbackAttribute'))
    expect(world.profiles().find(({ fallbackAttribute }) => fallbackAttribute)?.iccid).toBe(travel)
  })

  test('the IPA tells what it knows of the eUICC and of itself', async () => {
    const components = ['deviceInfo', 'euiccCertificate', 'euiccInfo2', 'ipaCapabilities']
    const { result } = (await world.run({ data: { components } })) as { result: { data: Record<string, string> } }
    expect(result).toMatchObject({ kind: 'ipaEuiccData' })
    expect(Object.keys(result.data).sort()).toEqual(components)
    const certificate = new Uint8Array(Buffer.from(result.data['euiccCertificate'] ?? '', 'base64'))
    expect(readCertificate(certificate).subject).toMatchObject({ serialNumber: world.eid })
  })

  test('a profile is disabled, then deleted, and is gone everywhere', async () => {
    expect(await psmo('delete', { iccid: travel })).toMatchObject(ok('delete', 'profileNotInDisabledState'))
    expect(await psmo('disable', { iccid: travel })).toMatchObject(ok('disable'))
    expect(await psmo('delete', { iccid: travel })).toMatchObject(ok('delete'))
    expect(world.profiles().map(({ iccid }) => iccid)).toEqual([home])
    expect(await world.northbound('GET', `/profiles/${travel}`)).toMatchObject({ status: 404 })
  })

  test('a download that the SM-DP+ refuses is reported with its codes', async () => {
    const { activationCode } = world.orders.create()
    const refused = await world.run({ download: { activationCode: activationCode.replace(/[^$]+$/, 'NO-SUCH-ORDER') } })
    expect(refused).toMatchObject({
      state: 'done',
      result: { kind: 'profileDownloadError', subjectCode: '8.2.6', reasonCode: '3.8' },
    })
  })

  test('no result and no notification is left on the eUICC, and every SM-DP+ knows what became of its profile', async () => {
    await world.ipa.poll()
    expect(world.euiccMemory().packageResults).toEqual([])
    expect(world.euiccMemory().notifications).toEqual([])
    expect(Object.keys(world.orders.get(travel)?.notifications ?? {}).sort()).toEqual([
      'notificationDelete',
      'notificationDisable',
      'notificationEnable',
    ])
  })

  test('every message is in the trace, those of the device with its EID', () => {
    const { messages: all } = world.trace.read()
    const messages = all.filter((message) => message.interface !== 'northbound')
    expect(messages.length).toBeLessThan(all.length)
    expect(new Set(messages.map((message) => message.interface))).toEqual(new Set(['ES10', 'ES9+', 'ESipa']))
    expect(messages.filter(({ eid }) => eid === undefined).map(({ operation }) => operation)).toEqual([])
    const shown = messages.filter((message) => message.interface === 'ESipa' && message.from === 'IPA')
    expect(shown.every(({ octets, json }) => (binding === 'asn1' ? octets && !json : json && !octets))).toBe(true)
  })
})

test('a device that trusts another CI knows its eIM by the certificate on the card, and takes nothing from an SM-DP+', async () => {
  const world = await createEmulatedWorld('over sockets')
  const { activationCode } = world.orders.create()
  const stranger = await makePki({ seed: new Uint8Array(32), now: Date.now() })
  const http = createHttpClient({ ca: [certificateToPem(stranger.nist.ci.certificate)] })
  const { packageId } = await world.northbound('POST', `/euiccs/${world.eid}/packages`, {
    download: { activationCode },
  })
  await world.boot(({ card }) => ({ card, http })).poll()
  expect(await world.northbound('GET', `/packages/${packageId}`)).toMatchObject({
    state: 'done',
    result: { kind: 'profileDownloadError' },
  })
  expect(world.profiles()).toEqual([])
  await world.close()
})
