import { afterEach, describe, expect, test } from 'vitest'
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
