import { expect, test } from 'vitest'
import { createCard, profilesOf, systemEntropy } from '../../euicc/index.ts'
import { createIpa } from '../../ipa/index.ts'
import type { HttpClient } from '../../ports/index.ts'
import { systemRandom, systemTime } from '../clock-system.ts'
import { createFactory } from '../factory.ts'
import { startFleet } from '../fleet/devices-only.ts'
import { eidOf } from '../owners.ts'
import { runCampaign } from './campaign.ts'
import { createCampaignWorld } from './world.ts'

const now = Date.UTC(2026, 0, 1)
const seed = 'campaign'

const world = async () => {
  const factory = await createFactory({ seed, now, name: 'smdp.test' })
  return { factory, ...createCampaignWorld({ factory, template: 'minimal', clock: { now: () => now } }) }
}

test('a device has gone through all steps when its card shows the profile enabled, with the fallback attribute', async () => {
  const { factory, device } = await world()
  const told: string[] = []
  const state = await device(factory.card(eidOf('acme', 1)), (step) => told.push(step))
  expect(profilesOf(state)).toMatchObject([{ state: 'enabled', fallbackAttribute: true }])
  expect(told).toEqual(['onboard', 'download', 'enable and set fallback'])
})

test('a campaign counts its devices, and what did not succeed', async () => {
  const seen: number[] = []
  const summary = await runCampaign({
    ...{ devices: 2, seed, now: Date.now(), template: 'minimal', threads: 0 },
    onProgress: ({ done }) => seen.push(done),
  })
  expect(summary).toMatchObject({ devices: 2, done: 2, failed: 0, failures: [] })
  expect(summary.durations.download.count).toBe(2)
  expect(seen.at(-1)).toBe(2)
})

interface Told {
  readonly eid: string
  readonly euiccCertificate: Uint8Array
  readonly eumCertificate: Uint8Array
  readonly associationToken?: number
}

test('devices that sleep between polls are the devices that they were, and a card personalised as its batch works as one that was asked', async () => {
  const { http, eim } = await world()
  const polled: string[] = []
  const told: Told[] = []
  const counting: HttpClient = (url, message) => {
    polled.push(url)
    return http(url, message)
  }
  const eids = [1, 2, 3].map((number) => eidOf('acme', number))
  const { factory } = await world()
  const [first = ''] = eids
  await eim.onboard(first, factory.certificates(first))
  const fleet = await startFleet({
    ...{ eimConfiguration: await eim.initialConfiguration(first), devices: 3, shard: { index: 0, of: 1 }, seed },
    ...{ pollIntervalMs: 1, ca: [], trustAnyServer: false, timeoutMs: 1000, ipa: {}, awakeAtMost: 0 },
    time: { ...systemTime, delay: () => new Promise(setImmediate) },
    http: counting,
    onDevice: (device) => told.push(device),
  })
  expect(told.map(({ eid }) => eid)).toEqual(eids)
  for (const { eid, associationToken, ...certificates } of told) {
    await eim.onboard(eid, certificates)
    await eim.setAssociationToken(eid, associationToken ?? 0)
  }
  for (const order of [{ psmo: [{ getRAT: {} }] }, { psmo: [{ listProfileInfo: {} }] }]) {
    const ids = await Promise.all(eids.map((eid) => eim.queue(eid, order)))
    for (const id of ids) {
      while ((await eim.package(id)).state !== 'done') await new Promise(setImmediate)
      expect(await eim.package(id)).toMatchObject({ result: { kind: 'euiccPackageResult', verified: true } })
    }
  }
  fleet.stop()
  await fleet.done
  expect(fleet.summary()).toMatchObject({ devices: 3, failing: 0 })
  expect(polled.length).toBeGreaterThan(12)
})

test('what is put into the cards of a batch is what ES10b.AddInitialEim makes of each', async () => {
  const { factory, eim } = await world()
  const made = await Promise.all(
    [1, 2].map(async (number) => {
      const eid = eidOf('acme', number)
      const card = createCard({ state: factory.card(eid), entropy: systemEntropy })
      const ipa = createIpa({
        ...{ card, http: async () => Promise.reject(new Error('away')), delay: async () => {} },
        ...{ random: systemRandom },
      })
      await eim.onboard(eid, factory.certificates(eid))
      await ipa.addInitialEim(await eim.initialConfiguration(eid))
      return card.state
    }),
  )
  const [one, other] = made
  expect(one?.eid).not.toBe(other?.eid)
  expect({ ...one, eid: '' }).toEqual({ ...other, eid: '' })
})
