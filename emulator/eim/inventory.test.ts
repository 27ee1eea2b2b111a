import { beforeEach, describe, expect, test } from 'vitest'
import { type Bench, createBench, EID, told } from './testing/bench.ts'
import { listed } from './testing/card.ts'
import { B, infoA, infoB, profileA, profileB } from './testing/profiles.ts'

let bench: Bench
beforeEach(async () => {
  bench = await told(await createBench(), infoA, infoB)
})

describe('the inventory', () => {
  test('is asked for on first contact when nothing waits', async () => {
    const fresh = await createBench()
    const { value } = (await fresh.fetchPackage()).euiccPackageSigned
    expect(value.euiccPackage).toEqual({ kind: 'psmoList', value: [{ kind: 'listProfileInfo', value: {} }] })
    expect(await fresh.euicc()).not.toHaveProperty('inventoryAt')
  })

  test('is what the eUICC listed', async () => {
    expect(await bench.euicc()).toMatchObject({
      inventoryAt: '2026-11-22T00:00:00.000Z',
      profiles: [profileA, profileB],
    })
    expect((await bench.ask('GET', `/profiles/${B}`)).body).toEqual({ eid: EID, ...profileB })
  })

  test('is asked for again when the IPA says that something changed', async () => {
    expect((await bench.poll(EID, { notifyStateChange: true })).kind).toBe('euiccPackageRequest')
    await bench.provide(bench.epr(await bench.fetchPackage(), [listed(infoB)]))
    expect((await bench.euicc()).profiles).toEqual([profileB])
    expect((await bench.poll()).kind).toBe('eimPackageError')
  })

  test('is not asked for at once again after the eUICC refused to tell', async () => {
    await bench.poll(EID, { notifyStateChange: true })
    await bench.provide({
      kind: 'euiccPackageResult',
      value: bench.card.error(await bench.fetchPackage(), 'undefinedError'),
    })
    expect((await bench.poll()).kind).toBe('eimPackageError')
    bench.clock.at += 30_000
    expect((await bench.poll()).kind).toBe('euiccPackageRequest')
  })
})
