import { expect, test } from 'vitest'
import { generatePrivateKey } from '../../protocol/crypto/index.ts'
import { createBench, EID, told } from './testing/bench.ts'
import { B, enabled, infoA, infoB, profileA } from './testing/profiles.ts'

const patience = { fetchMs: 60_000, answerMs: 10_000 }
const bench = async () => told(await createBench({ settings: { patience } }), infoA, infoB)
const enable = { psmo: [{ enable: { iccid: B } }] }

test('a package that nobody fetches ends, also without a poll', async () => {
  const world = await bench()
  const ordered = await world.order(enable)
  world.clock.at += 59_999
  await world.eim.expirePackages()
  expect((await world.package(ordered)).state).toBe('queued')
  world.clock.at += 1
  await world.eim.expirePackages()
  expect(await world.package(ordered)).toMatchObject({
    state: 'done',
    result: { kind: 'packageError', error: 'notFetched' },
  })
  expect(await world.poll()).toMatchObject({ value: 'noEimPackageAvailable' })
})

test('a package that nobody answers ends; the eUICC is asked, and a result that comes late is no result', async () => {
  const world = await bench()
  const ordered = await world.order(enable)
  const request = await world.fetchPackage()
  world.clock.at += 10_000
  const next = await world.fetchPackage()
  expect(await world.package(ordered)).toMatchObject({ state: 'done', result: { error: 'notAnswered' } })
  expect(next.euiccPackageSigned.value.euiccPackage).toMatchObject({ value: [{ kind: 'listProfileInfo' }] })
  expect(await world.provide(world.epr(request, [enabled]))).toMatchObject({ kind: 'eimAcknowledgements' })
  expect(await world.package(ordered)).toMatchObject({ result: { error: 'notAnswered' } })
  expect((await world.euicc()).profiles).toMatchObject([profileA, { iccid: B, state: 'disabled' }])
})

test('without limits packages wait for ever', async () => {
  const world = await told(await createBench())
  const ordered = await world.order(enable)
  world.clock.at += 1e12
  await world.eim.expirePackages()
  expect((await world.package(ordered)).state).toBe('queued')
})

test('results of one eUICC count without a signature where the laboratory wants it, and show as not verified', async () => {
  const lenient = await createBench({ settings: { unverifiedEid: EID } })
  await lenient.provide({
    kind: 'euiccPackageResult',
    value: lenient.card.unsigned(await lenient.fetchPackage()),
  })
  lenient.clock.at += 30_000
  const ordered = await lenient.order(enable)
  const wrong = generatePrivateKey('nist')
  const request = await lenient.fetchPackage()
  await lenient.provide({ kind: 'euiccPackageResult', value: lenient.card.result(request, [enabled], {}, wrong) })
  await told(lenient, infoA, infoB)
  expect(await lenient.package(ordered)).toMatchObject({ state: 'done', result: { verified: false } })
  const error = await lenient.order(enable)
  await lenient.provide({ kind: 'euiccPackageResult', value: lenient.card.unsigned(await lenient.fetchPackage()) })
  expect(await lenient.package(error)).toMatchObject({ result: { verified: false, error: 'unsigned' } })
})
