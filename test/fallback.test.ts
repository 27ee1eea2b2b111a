import { expect, test } from 'vitest'
import { createEmulatedWorld } from './testing/emulated-world.ts'

/** The fallback mechanism: SGP.32 v1.2, 3.4.5. */
test('a device whose profile has lost its connectivity falls back, tells the eIM, and returns when it is told', async () => {
  const world = await createEmulatedWorld('in process', { fallbackAfterFailedPolls: 2 })
  const home = world.orders.create()
  const fallback = world.orders.create({ profile: { fallbackAllowed: true } })
  for (const { activationCode } of [home, fallback]) await world.run({ download: { activationCode } })
  await world.run({ psmo: [{ setFallbackAttribute: { iccid: fallback.iccid } }, { enable: { iccid: home.iccid } }] })
  const enabled = () => world.profiles().find(({ state }) => state === 'enabled')?.iccid
  const known = async () =>
    Promise.all(
      [home, fallback].map(async ({ iccid }) => (await world.northbound('GET', `/profiles/${iccid}`))['state']),
    )
  let isDead = true
  const ipa = world.boot(({ card, http }) => ({
    card,
    http: async (url, message) => {
      if (isDead && enabled() === home.iccid) throw new Error('no connectivity')
      return http(url, message)
    },
  }))

  await ipa.poll()
  expect(enabled()).toBe(home.iccid)
  await ipa.poll()
  expect(enabled()).toBe(fallback.iccid)
  expect(await known()).toEqual(['disabled', 'enabled'])

  isDead = false
  expect(await ipa.returnFromFallback()).toBeUndefined()
  await ipa.poll()
  expect(enabled()).toBe(home.iccid)
  expect(await known()).toEqual(['enabled', 'disabled'])
  expect(await ipa.returnFromFallback()).toBe('fallbackNotAvailable')
  expect(world.euiccMemory().notifications).toEqual([])
  await world.close()
})
