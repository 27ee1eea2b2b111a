import { beforeEach, describe, expect, test } from 'vitest'
import { encode, equalOctets, fromHex } from '../../protocol/ber/index.ts'
import { verify } from '../../protocol/crypto/index.ts'
import { EsipaMessageFromIpaToEim, type EuiccPackageResult } from '../../protocol/sgp32/index.ts'
import type { Package } from './model.ts'
import { type Bench, createBench, EID, testPki, told } from './testing/bench.ts'
import { listed } from './testing/card.ts'
import { B, enabled, infoA, infoB } from './testing/profiles.ts'

let bench: Bench
beforeEach(async () => {
  bench = await told(await createBench(), infoA, infoB)
})

type PackageRequest = Awaited<ReturnType<Bench['fetchPackage']>>

const corrupt = (result: EuiccPackageResult): EuiccPackageResult => {
  if (result.kind !== 'euiccPackageResultSigned') throw new Error('not signed')
  const euiccSignEPR = result.value.euiccSignEPR.map((octet, i) => (i === 5 ? octet ^ 1 : octet))
  return { ...result, value: { ...result.value, euiccSignEPR } }
}

describe('replayError for a package that was handed out before', () => {
  let ordered: Package
  let request: PackageRequest
  beforeEach(async () => {
    ordered = await bench.order({ psmo: [{ enable: { iccid: B } }] })
    await bench.fetchPackage()
    request = await bench.fetchPackage()
    const replayError = bench.card.error(request, 'replayError')
    await bench.provide({ kind: 'euiccPackageResult', value: replayError })
  })

  /** The IPA answers the question for the results that its eUICC keeps. */
  const keep = async (...euiccPackageResultList: readonly EuiccPackageResult[]) => {
    const question = await bench.poll()
    if (question.kind !== 'ipaEuiccDataRequest') throw new Error(question.kind)
    expect(question.value.tagList).toEqual([0xa2])
    const { eimTransactionId = '' } = question.value
    return bench.provide({
      kind: 'ipaEuiccDataResponse',
      value: { kind: 'ipaEuiccData', value: { eimTransactionId, euiccPackageResultList } },
    })
  }

  test('makes the eIM ask for the results that the eUICC keeps: the one of the package ends it', async () => {
    const other = bench.card.result(request, [enabled], { eimTransactionId: 'AB', counterValue: 90 })
    const answer = await keep(other, bench.card.result(request, [enabled], { seqNumber: 40 }))
    expect(answer).toEqual({ kind: 'eimAcknowledgements', value: [40] })
    expect(await bench.package(ordered)).toMatchObject({
      state: 'done',
      counterValue: 2,
      result: { kind: 'euiccPackageResult', verified: true, results: [{ operation: 'enable', result: 'ok' }] },
    })
    expect((await bench.euicc()).profiles).toMatchObject([{ state: 'disabled' }, { iccid: B, state: 'enabled' }])
  })

  test('does not hide the result when the IPA delivers it on its own', async () => {
    expect(await bench.provide(bench.epr(request, [enabled], { seqNumber: 40 }))).toMatchObject({ value: [40] })
    expect(await bench.package(ordered)).toMatchObject({
      state: 'done',
      result: { verified: true, sequenceNumber: 40 },
    })
    expect(await bench.poll()).toMatchObject({ value: 'noEimPackageAvailable' })
  })

  test.each([
    ['when there is none', 0, () => keep()],
    ['when its signature is wrong', 1, () => keep(corrupt(bench.card.result(request, [enabled])))],
    [
      'when the IPA does not know the question',
      0,
      async () => {
        const { eimTransactionId = '' } = (await bench.poll()).value as { eimTransactionId?: string }
        const value = { eimTransactionId, eimPackageResultErrorCode: 'unknownPackage' } as const
        await bench.provide({ kind: 'eimPackageResultResponseError', value })
      },
    ],
  ])('ends the package %s, after a look at the inventory', async (_when, unverifiedResults, answer) => {
    await answer()
    const now = { ...infoB, profileState: 'enabled' as const }
    await bench.provide(bench.epr(await bench.fetchPackage(), [listed(now)]))
    const done = await bench.package(ordered)
    expect(done).toMatchObject({ state: 'done', result: { error: 'replayError', verified: true } })
    expect(done.unverifiedResults ?? 0).toBe(unverifiedResults)
    expect((await bench.euicc()).profiles).toMatchObject([{ iccid: B, state: 'enabled' }])
  })

  test('which comes twice is asked about once', async () => {
    const question = await bench.poll()
    await bench.provide({ kind: 'euiccPackageResult', value: bench.card.error(request, 'replayError') })
    expect(await bench.poll()).toEqual(question)
  })
})

test('a result with a wrong signature that comes with every poll does not hold its package back for ever', async () => {
  const ordered = await bench.order({ psmo: [{ enable: { iccid: B } }] })
  const request = await bench.fetchPackage()
  const wrong = corrupt(bench.card.result(request, [enabled]))
  for (let poll = 1; poll <= 2; poll++) {
    await bench.provide({ kind: 'euiccPackageResult', value: wrong })
    expect(await bench.poll()).toMatchObject({ value: 'noEimPackageAvailable' })
    bench.clock.at += 20_000
  }
  await bench.provide({ kind: 'euiccPackageResult', value: wrong })
  expect(await bench.fetchPackage()).toMatchObject({ eimSignature: request.eimSignature })
  expect(await bench.package(ordered)).toMatchObject({ state: 'delivered' })
})

test('a package that the eUICC does not recognize as ours is signed anew under its counter', async () => {
  await bench.order({ psmo: [{ enable: { iccid: B } }] })
  const before = await bench.fetchPackage()
  await bench.provide({ kind: 'euiccPackageResult', value: bench.card.unsigned(before) })
  bench.clock.at += 30_000
  const after = await bench.fetchPackage()
  expect(equalOctets(before.euiccPackageSigned.octets, after.euiccPackageSigned.octets)).toBe(true)
  expect(equalOctets(before.eimSignature, after.eimSignature)).toBe(false)
  const { publicKey } = (await testPki()).nist.eimSigning.privateKey
  expect(verify(publicKey, [after.euiccPackageSigned.octets, fromHex('840100')], after.eimSignature)).toBe(true)
})

test('a ProvideEimPackageResult that cannot be read is counted, and its package not handed out again at once', async () => {
  const ordered = await bench.order({ psmo: [{ enable: { iccid: B } }] })
  const request = await bench.fetchPackage()
  const eimPackageResult = bench.epr(request, [enabled])
  const octets = encode(EsipaMessageFromIpaToEim, {
    kind: 'provideEimPackageResult',
    value: { eidValue: EID, eimPackageResult },
  })
  const unreadable = octets.with(octets.length - 70, 0xff)
  expect((await bench.post(unreadable)).status).toBe(400)
  expect(await bench.poll()).toMatchObject({ value: 'noEimPackageAvailable' })
  bench.clock.at += 30_000
  await bench.provide(bench.epr(await bench.fetchPackage(), [enabled]))
  expect(await bench.package(ordered)).toMatchObject({ state: 'done', unverifiedResults: 1 })
})
