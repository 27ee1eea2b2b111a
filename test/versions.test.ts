import { afterEach, describe, expect, test } from 'vitest'
import { startTestbed } from '../emulator/testbed/index.ts'
import { small } from '../emulator/testbed/testing/small.ts'
import { ask } from './testing/ask-http.ts'
import { createEmulatedWorld } from './testing/emulated-world.ts'

type World = Awaited<ReturnType<typeof createEmulatedWorld>>

const old = '1.0.1'
let world: World
afterEach(() => world.close())

const statuses = ({ trace }: World): readonly string[] => trace.read().messages.flatMap(({ status }) => status ?? [])

describe.each(['in process', 'over sockets'] as const)('SGP.32 v1.0.1 on all sides, %s', (wiring) => {
  test('a device downloads a profile, enables it and tells about itself', async () => {
    world = await createEmulatedWorld(wiring, { specification: old }, { card: old, eim: old })
    const { iccid, activationCode } = world.orders.create()
    const download = await world.run({ download: { activationCode } })
    expect(download).toMatchObject({ state: 'done', result: { kind: 'profileInstallationResult', verified: true } })
    const enabled = await world.run({ psmo: [{ enable: { iccid } }] })
    expect(enabled).toMatchObject({ state: 'done', result: { kind: 'euiccPackageResult', verified: true } })
    expect(world.profiles()).toMatchObject([{ iccid, state: 'enabled' }])
    const components = ['defaultSmdpAddress', 'euiccInfo2', 'ipaCapabilities', 'notificationsList']
    const data = await world.run({ data: { components } })
    expect(data).toMatchObject({ state: 'done', result: { kind: 'ipaEuiccData' } })
    expect(statuses(world).filter((status) => /believed|peer/.test(status))).toEqual([])
  })

  test('operations that the version does not have are refused to who orders them', async () => {
    world = await createEmulatedWorld(wiring, { specification: old }, { card: old, eim: old })
    const { eid, northbound } = world
    for (const order of [{ psmo: [{ unsetFallbackAttribute: {} }] }, bothLists])
      expect(await northbound('POST', `/euiccs/${eid}/packages`, order)).toMatchObject({ status: 422 })
  })
})

const bothLists = { data: { components: ['notificationsList', 'euiccPackageResultList'] } }

describe('Devices and eIMs of different versions', () => {
  test('a device of v1.2 is told by an eIM of v1.0.1 which version that speaks', async () => {
    world = await createEmulatedWorld('in process', {}, { eim: old })
    const text = 'peer speaks SGP.32 v1.2, this side SGP.32 v1.0.x'
    await expect(world.run({ psmo: [{ getRAT: {} }] })).rejects.toThrow(text)
    const messages = world.trace.read().messages.filter(({ status }) => status?.includes(text))
    expect(messages.map(({ from, to, status }) => [from, to, status])).toContainEqual(['eIM', 'IPA', `400, ${text}`])
    expect(messages.map(({ from, to, status }) => [from, to, status])).toContainEqual(['eIM', 'eIM', text])
  })

  test('an IPA of v1.0.1 is told by an eIM of v1.2 which version that speaks', async () => {
    world = await createEmulatedWorld('in process', { specification: old })
    const { iccid, activationCode } = world.orders.create()
    await world.run({ download: { activationCode } })
    const text = 'peer speaks SGP.32 v1.0.x, this side SGP.32 v1.2'
    await expect(world.run({ psmo: [{ enable: { iccid } }] })).rejects.toThrow(text)
    expect(statuses(world)).toContain(text)
  })

  test('the result of a card of v1.0.1 is not believed by an eIM of v1.2, which says why', async () => {
    world = await createEmulatedWorld('in process', {}, { card: old })
    await world.run({ psmo: [{ getRAT: {} }] })
    expect(statuses(world)).toContain('not believed: euicc-signature: peer speaks SGP.32 v1.0.x')
  })

  test('the result of a card of v1.2 is not believed by an eIM of v1.0.1, which says why', async () => {
    world = await createEmulatedWorld('in process', { specification: old }, { eim: old })
    await world.run({ psmo: [{ getRAT: {} }] })
    expect(statuses(world)).toContain('not believed: euicc-signature: peer speaks SGP.32 v1.2')
  })
})

const versions = ['1.2', '1.0.1'] as const

describe.each(['asn1', 'json'] as const)(
  'One eIM for devices of both versions, over sockets, binding %s',
  (binding) => {
    test('speaks with each as it was onboarded', async () => {
      const testbed = await startTestbed(
        small({
          ...{ seed: 'versions', devices: 1, devicesOf: { [old]: 1 } },
          ipa: { esipaBindings: { '*': binding } },
        }),
      )
      const control = (method: string, path: string, body?: unknown) =>
        ask(method, `${testbed.doors.control}${path}`, { body })
      const eim = (method: string, path: string, body?: unknown) =>
        ask(method, `${testbed.doors.eimNorthbound}/eim/v1${path}`, { body })

      const made = (await control('GET', '/devices')).body.devices
      expect(made.map(({ specification }: { specification: string }) => specification)).toEqual(versions)
      for (const specification of versions) {
        const shape = { specification, profiles: [{ state: 'enabled' }] }
        const lease = (await control('POST', '/leases', shape)).body
        const { eid } = lease
        const profiles = [{ iccid: lease.profiles[0].iccid, state: 'enabled' }]
        expect((await control('GET', `/devices/${eid}`)).body).toMatchObject({ specification, profiles })
        expect((await eim('GET', `/euiccs/${eid}`)).body).toMatchObject({ eid, specification, profiles })
        const data = { components: ['euiccInfo2', 'notificationsList'] }
        const queued = await eim('POST', `/euiccs/${eid}/packages`, { data })
        await control('POST', `/devices/${eid}/polls`)
        const { body } = await eim('GET', `/packages/${queued.body.packageId}`)
        expect(body).toMatchObject({ state: 'done', result: { kind: 'ipaEuiccData' } })
        const [unset, both] = [{ psmo: [{ unsetFallbackAttribute: {} }] }, bothLists]
        for (const order of [unset, both])
          expect(await eim('POST', `/euiccs/${eid}/packages`, order)).toMatchObject({
            status: specification === old ? 422 : 202,
          })
      }
      const { messages } = (await control('GET', '/trace?limit=1000')).body
      const ofEsipa = messages.filter((message: { interface: string }) => message.interface === 'ESipa')
      const texts = ofEsipa.flatMap(({ status }: { status?: string }) => status ?? [])
      expect(texts.filter((status: string) => !/^20[04]/.test(status))).toEqual([])
      await testbed.close()
    })
  },
)

test('an IPA speaks with an eIM of its own version what specifications says', async () => {
  world = await createEmulatedWorld('in process', { specifications: { 'eim.test': old } }, { card: old, eim: old })
  expect(await world.run({ psmo: [{ getRAT: {} }] })).toMatchObject({ state: 'done', result: { verified: true } })
})
