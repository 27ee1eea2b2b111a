import { describe, expect, test } from 'vitest'
import { createEmulatedWorld } from './testing/emulated-world.ts'

/** Indirect profile download: SGP.32 v1.2, 3.2.3.2. */
const features = ['indirectRspServerCommunication', 'eimDownloadDataHandling'] as const
const protocols = { ipaSupportedProtocols: ['ipaRetrieveHttps'] as const }

const manners = {
  'in ASN.1': { capabilities: { ipaFeatures: features, ...protocols }, binding: 'asn1' },
  'in JSON': { capabilities: { ipaFeatures: features, ...protocols }, binding: 'json' },
  'in few octets': {
    capabilities: { ipaFeatures: [...features, 'eimCtxParams1Generation', 'minimizeEsipaBytes'], ...protocols },
    binding: 'asn1',
  },
} as const

const known = {
  data: {
    components: ['euiccInfo1', 'euiccInfo2', 'eumCertificate', 'euiccCertificate', 'ipaCapabilities', 'deviceInfo'],
  },
}

type World = Awaited<ReturnType<typeof createEmulatedWorld>>
type Message = ReturnType<World['trace']['read']>['messages'][number]

const messages = (world: World, choose: (message: Message) => boolean) =>
  world.trace.read({ after: 0, limit: 1000 }).messages.filter(choose)
const octetsUp = (world: World): number =>
  messages(world, ({ interface: hop, from }) => hop === 'ESipa' && from === 'IPA').reduce(
    (sum, { octets = '' }) => sum + octets.length / 2,
    0,
  )

describe.each(Object.entries(manners))('a profile that the eIM fetches, %s', (_name, { capabilities, binding }) => {
  const start = () =>
    createEmulatedWorld('in process', { ipaCapabilities: capabilities, esipaBindings: { 'eim.test': binding } })

  test('is installed without a word between IPA and SM-DP+, and both servers know', async () => {
    const world = await start()
    await world.run(known)
    const { iccid, activationCode } = world.orders.create({ profile: { template: 'minimal' } })
    expect(await world.run({ download: { activationCode, indirect: true } })).toMatchObject({
      state: 'done',
      result: { kind: 'profileInstallationResult', verified: true, outcome: 'success', iccid },
    })
    expect(world.profiles()).toMatchObject([{ iccid, state: 'disabled' }])
    expect(world.orders.get(iccid)).toMatchObject({ state: 'installed' })
    expect(messages(world, ({ interface: hop, from }) => hop === 'ES9+' && from === 'IPA')).toEqual([])
    expect(world.euiccMemory()).toMatchObject({ notifications: [], packageResults: [] })
    expect((await world.ipaMemory.load()).downloads).toEqual([])
    await world.run({ psmo: [{ enable: { iccid } }] })
    expect(world.orders.get(iccid)?.notifications).toMatchObject({ notificationEnable: expect.any(Number) })
    await world.close()
  })

  test('with a confirmation code that the eIM knows is installed, and refused with another one', async () => {
    const world = await start()
    await world.run(known)
    const create = () => world.orders.create({ profile: { template: 'minimal' }, confirmationCode: '1234' })
    const [right, wrong] = [create(), create()]
    const download = (activationCode: string, confirmationCode: string) =>
      world.run({ download: { activationCode, indirect: true, confirmationCode } })
    expect(await download(right.activationCode, '1234')).toMatchObject({ result: { outcome: 'success' } })
    expect(await download(wrong.activationCode, '4321')).toMatchObject({
      result: {
        kind: 'profileDownloadError',
        detail: 'GetBoundProfilePackageResponseEsipa: confirmationCodeRefused',
      },
    })
    expect(world.profiles()).toHaveLength(1)
    await world.close()
  })

  test('that the SM-DP+ does not know, or that the card refuses, ends with its error', async () => {
    const world = await start()
    await world.run(known)
    const { activationCode, matchingId } = world.orders.create({ profile: { template: 'minimal' } })
    const unknown = activationCode.replace(matchingId, 'NO-SUCH-ORDER')
    expect(await world.run({ download: { activationCode: unknown, indirect: true } })).toMatchObject({
      result: { kind: 'profileDownloadError', detail: 'AuthenticateClientResponseEsipa: matchingIdRefused' },
    })
    const broken = world.orders.create({ profile: { template: 'minimal', fault: 'wrong-signature' } })
    expect(await world.run({ download: { activationCode: broken.activationCode, indirect: true } })).toMatchObject({
      result: { kind: 'profileInstallationResult', outcome: 'error', errorReason: expect.any(String) },
    })
    expect(world.profiles()).toEqual([])
    await world.close()
  })
})

test('an IPA that saves octets sends less than half of what the others send', async () => {
  const sent = await Promise.all(
    Object.entries(manners).flatMap(([, { capabilities, binding }]) =>
      binding === 'json'
        ? []
        : [
            (async () => {
              const world = await createEmulatedWorld('in process', { ipaCapabilities: capabilities })
              await world.run(known)
              const before = octetsUp(world)
              const { activationCode } = world.orders.create({ profile: { template: 'minimal' } })
              await world.run({ download: { activationCode, indirect: true } })
              return octetsUp(world) - before
            })(),
          ],
    ),
  )
  const [full = 0, compact = 0] = sent
  expect(compact).toBeGreaterThan(0)
  expect(compact).toBeLessThan(full / 2)
})

test('an activation code that the IPA is told is fetched through the eIM by an IPA that reaches no server itself', async () => {
  const world = await createEmulatedWorld('over sockets', {
    ipaCapabilities: { ipaFeatures: ['indirectRspServerCommunication'] },
  })
  const { iccid, activationCode } = world.orders.create({ profile: { template: 'minimal' } })
  expect(await world.run({ download: { activationCode } })).toMatchObject({ result: { outcome: 'success', iccid } })
  expect(messages(world, ({ interface: hop, from }) => hop === 'ES9+' && from === 'IPA')).toEqual([])
  await world.close()
})

test('an IPA that carries its sessions itself says so when the eIM keeps the activation code', async () => {
  const world = await createEmulatedWorld('in process')
  const { activationCode } = world.orders.create({ profile: { template: 'minimal' } })
  expect(await world.run({ download: { activationCode, indirect: true } })).toMatchObject({
    state: 'done',
    result: { kind: 'profileDownloadError' },
  })
  await world.close()
})
