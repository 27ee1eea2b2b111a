import { beforeEach, describe, expect, test } from 'vitest'
import type { HttpClient } from '../emulator/ports/index.ts'
import { createEmulatedWorld } from './testing/emulated-world.ts'

type World = Awaited<ReturnType<typeof createEmulatedWorld>>

/** Profile Rollback: SGP.32 v1.2, 3.3.2. A device with a profile enabled and another one that has no connectivity. */
describe.each(['asn1', 'json'] as const)('a profile without connectivity, ESipa in %s', (binding) => {
  let world: World
  let home: string
  let dead: string
  const enabled = () => world.profiles().find(({ state }) => state === 'enabled')?.iccid

  beforeEach(async () => {
    world = await createEmulatedWorld('in process', { esipaBindings: { 'eim.test': binding } })
    const [first, second] = [world.orders.create(), world.orders.create()]
    for (const { activationCode } of [first, second]) await world.run({ download: { activationCode } })
    home = first.iccid
    dead = second.iccid
    await world.run({ psmo: [{ enable: { iccid: home } }] })
  })

  /** The device, where `dead` carries nothing. */
  const boot = () =>
    world.boot(({ card, http }) => {
      const through: HttpClient = async (url, message) => {
        if (enabled() === dead) throw new Error('no connectivity')
        return http(url, message)
      }
      return { card, http: through }
    })

  const order = async (rollback: boolean) =>
    String(
      (
        await world.northbound('POST', `/euiccs/${world.eid}/packages`, {
          psmo: [{ enable: { iccid: dead, rollback } }],
        })
      )['packageId'],
    )

  test('is left again, and eIM, SM-DP+ and eUICC agree on it', async () => {
    const packageId = await order(true)
    expect((await boot().poll()).failures).toEqual([])
    expect(enabled()).toBe(home)
    expect(await world.northbound('GET', `/packages/${packageId}`)).toMatchObject({
      state: 'done',
      result: { kind: 'euiccPackageResult', verified: true, results: [{ operation: 'rollback', result: 'ok' }] },
    })
    expect(await world.northbound('GET', `/profiles/${dead}`)).toMatchObject({ state: 'disabled' })
    expect(await world.northbound('GET', `/profiles/${home}`)).toMatchObject({ state: 'enabled' })
    await boot().poll()
    expect(world.euiccMemory().packageResults).toEqual([])
    expect(world.euiccMemory().notifications).toEqual([])
  })

  test('stays enabled where the package has not allowed a rollback', async () => {
    const packageId = await order(false)
    expect((await boot().poll()).failures).not.toEqual([])
    expect(enabled()).toBe(dead)
    expect(await world.northbound('GET', `/packages/${packageId}`)).toMatchObject({ state: 'delivered' })
  })
})
