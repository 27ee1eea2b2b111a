import { beforeEach, describe, expect, test } from 'vitest'
import { capture } from '../../protocol/ber/index.ts'
import { deriveEuiccIdentity } from '../../protocol/crypto/index.ts'
import { EuiccPackageResultDataSigned } from '../../protocol/sgp32/index.ts'
import { type Bench, createBench, EID, OTHER_EID, onboard, testPki, told } from './testing/bench.ts'
import { createPaperCard } from './testing/card.ts'
import { B, enabled, infoA, infoB, profileA, profileB } from './testing/profiles.ts'

let bench: Bench
beforeEach(async () => {
  bench = await told(await createBench(), infoA, infoB)
})

describe('a result that is not believed leaves the package undone and the inventory unchanged:', () => {
  type Forge = (
    request: Awaited<ReturnType<Bench['fetchPackage']>>,
  ) => Promise<Parameters<Bench['provide']>> | Parameters<Bench['provide']>
  const otherKey = async () => {
    const { nist } = await testPki()
    return deriveEuiccIdentity({ eum: nist.eum, eid: OTHER_EID, seed: new Uint8Array(1) }).privateKey
  }
  const forgeries: Record<string, [why: string, forge: Forge]> = {
    'a broken signature': [
      'euicc-signature',
      (request) => {
        const result = bench.card.result(request, [enabled])
        if (result.kind === 'euiccPackageResultSigned')
          result.value.euiccSignEPR[5] = (result.value.euiccSignEPR[5] ?? 0) ^ 1
        return [{ kind: 'euiccPackageResult', value: result }]
      },
    ],
    'the signature of another eUICC': [
      'euicc-signature',
      async (request) => [bench.epr(request, [enabled], {}, await otherKey())],
    ],
    'data that was not signed': [
      'euicc-signature',
      (request) => {
        const result = bench.card.result(request, [{ kind: 'enableResult', value: 'catBusy' }])
        if (result.kind !== 'euiccPackageResultSigned') throw new Error('not signed')
        const { value } = result.value.euiccPackageResultDataSigned
        const euiccPackageResultDataSigned = capture(EuiccPackageResultDataSigned, { ...value, euiccResult: [enabled] })
        return [
          {
            kind: 'euiccPackageResult',
            value: { kind: 'euiccPackageResultSigned', value: { ...result.value, euiccPackageResultDataSigned } },
          },
        ]
      },
    ],
    'a signature for another association token': [
      'euicc-signature',
      async (request) => {
        const { nist } = await testPki()
        const other = createPaperCard({ eid: EID, eum: nist.eum, associationToken: 5 })
        return [{ kind: 'euiccPackageResult', value: other.result(request, [enabled], { seqNumber: 90 }) }]
      },
    ],
    'no signature': ['unsigned', (request) => [{ kind: 'euiccPackageResult', value: bench.card.unsigned(request) }]],
    'a sequence number that is not new': [
      'sequence-number',
      (request) => [bench.epr(request, [enabled], { seqNumber: 1 })],
    ],
    'another eIM in it': ['eim-id', (request) => [bench.epr(request, [enabled], { eimId: 'other' })]],
    'a signed error of another eUICC': [
      'euicc-signature',
      async (request) => [
        { kind: 'euiccPackageResult', value: bench.card.error(request, 'replayError', await otherKey()) },
      ],
    ],
  }
  test.each(Object.entries(forgeries))('%s', async (_what, [why, forge]) => {
    const ordered = await bench.order({ psmo: [{ enable: { iccid: B } }] })
    const before = await bench.euicc()
    expect(await bench.provide(...(await forge(await bench.fetchPackage())))).toEqual({
      kind: 'emptyResponse',
      value: {},
    })
    expect(await bench.package(ordered)).toMatchObject({ state: 'delivered', unverifiedResults: 1 })
    expect(await bench.package(ordered)).not.toHaveProperty('result')
    expect((await bench.euicc()).profiles).toEqual(before.profiles)
    expect(bench.trace.some(({ status }) => status === `not believed: ${why}`)).toBe(true)
    bench.clock.at += 30_000
    await bench.provide(bench.epr(await bench.fetchPackage(), [enabled]))
    expect((await bench.package(ordered)).state).toBe('done')
  })

  test('the result of one eUICC under the EID of another', async () => {
    const { nist } = await testPki()
    await onboard(bench.ask, createPaperCard({ eid: OTHER_EID, eum: nist.eum }))
    const ordered = await bench.order({ psmo: [{ enable: { iccid: B } }] })
    const result = bench.epr(await bench.fetchPackage(), [enabled])
    expect(await bench.provide(result, OTHER_EID)).toEqual({ kind: 'emptyResponse', value: {} })
    expect((await bench.package(ordered)).state).toBe('delivered')
    expect((await bench.ask('GET', `/euiccs/${OTHER_EID}`)).body.profiles).toEqual([])
  })

  test('a result for a transaction that is not under way, although the eUICC signed it', async () => {
    const ordered = await bench.order({ psmo: [{ enable: { iccid: B } }] })
    const result = bench.epr(await bench.fetchPackage(), [enabled], { eimTransactionId: 'AB', seqNumber: 41 })
    expect(await bench.provide(result)).toEqual({ kind: 'eimAcknowledgements', value: [41] })
    expect((await bench.package(ordered)).state).toBe('delivered')
    expect((await bench.euicc()).profiles).toEqual([profileA, profileB])
  })

  test('of an unknown EID, and without any EID', async () => {
    await bench.order({ psmo: [{ enable: { iccid: B } }] })
    const request = await bench.fetchPackage()
    const error = (value: string) => ({ kind: 'provideEimPackageResultError', value })
    expect(await bench.provide(bench.epr(request, [enabled]), OTHER_EID)).toEqual(error('eidNotFound'))
    expect(await bench.provide(bench.epr(request, [enabled], { eimTransactionId: 'AB' }), '')).toEqual(
      error('missingEid'),
    )
  })
})
