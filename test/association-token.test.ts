import { expect, test } from 'vitest'
import { createEmulatedWorld } from './testing/emulated-world.ts'

test('a package signed for another association token is refused by the eUICC, believed by nobody, and executed once the token is right', async () => {
  const world = await createEmulatedWorld('in process')
  const { iccid, activationCode } = world.orders.create()
  await world.run({ download: { activationCode } })
  const { associationToken } = await world.northbound('GET', `/euiccs/${world.eid}`)
  const setToken = (token: number) =>
    world.northbound('PUT', `/euiccs/${world.eid}/association-token`, { associationToken: token })

  await setToken(Number(associationToken) + 1)
  const refused = await world.run({ psmo: [{ enable: { iccid } }] })
  expect(refused).toMatchObject({ state: 'delivered', unverifiedResults: 1 })
  expect(refused).not.toHaveProperty('result')
  expect(world.profiles()).toMatchObject([{ iccid, state: 'disabled' }])
  expect(await world.northbound('GET', `/profiles/${iccid}`)).toMatchObject({ state: 'disabled' })

  await setToken(Number(associationToken))
  await world.ipa.poll()
  expect(await world.northbound('GET', `/packages/${refused['packageId']}`)).toMatchObject({
    state: 'done',
    counterValue: refused['counterValue'],
    result: { kind: 'euiccPackageResult', verified: true, results: [{ operation: 'enable', result: 'ok' }] },
  })
  expect(world.profiles()).toMatchObject([{ iccid, state: 'enabled' }])
  expect(await world.northbound('GET', `/profiles/${iccid}`)).toMatchObject({ state: 'enabled' })
  await world.close()
})

test('an eUICC that is new to the eIM is asked for its profiles on its first contact', async () => {
  const world = await createEmulatedWorld('in process')
  await world.ipa.poll()
  expect(await world.northbound('GET', `/euiccs/${world.eid}`)).toMatchObject({
    profiles: [],
    inventoryAt: expect.any(String),
  })
  await world.close()
})
