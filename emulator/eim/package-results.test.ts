import { beforeEach, describe, expect, test } from 'vitest'
import { signatureToDer } from '../../protocol/crypto/index.ts'
import type { EuiccResultData } from '../../protocol/sgp32/index.ts'
import { type Bench, createBench, testPki, told } from './testing/bench.ts'
import { listed } from './testing/card.ts'
import { A, activationCode, B, enabled, infoA, infoB, profileA, profileB } from './testing/profiles.ts'

let bench: Bench
beforeEach(async () => {
  bench = await told(await createBench(), infoA, infoB)
})

describe('a result that is believed', () => {
  test('ends the package, is acknowledged by its sequence number and applied to the inventory', async () => {
    const ordered = await bench.order({ psmo: [{ enable: { iccid: B } }] })
    const answer = await bench.provide(bench.epr(await bench.fetchPackage(), [enabled], { seqNumber: 40 }))
    expect(answer).toEqual({ kind: 'eimAcknowledgements', value: [40] })
    expect(await bench.package(ordered)).toMatchObject({
      state: 'done',
      counterValue: 2,
      result: {
        kind: 'euiccPackageResult',
        verified: true,
        sequenceNumber: 40,
        results: [{ operation: 'enable', result: 'ok' }],
      },
    })
    expect((await bench.euicc()).profiles).toEqual([
      { ...profileA, state: 'disabled' },
      { ...profileB, state: 'enabled' },
    ])
  })

  test('of a package that was rolled back says so, and the eUICC is asked what it has', async () => {
    const ordered = await bench.order({ psmo: [{ enable: { iccid: B, rollback: true } }] })
    const rolledBack = { kind: 'rollbackResult', value: 'ok' } as const
    await bench.provide(bench.epr(await bench.fetchPackage(), [rolledBack]))
    expect((await bench.package(ordered)).state).toBe('delivered')
    await told(bench, infoA, infoB)
    expect(await bench.package(ordered)).toMatchObject({
      state: 'done',
      result: { verified: true, results: [{ operation: 'rollback', result: 'ok' }] },
    })
    expect((await bench.euicc()).profiles).toEqual([profileA, profileB])
  })

  const changes: [string, Parameters<Bench['order']>[0], EuiccResultData, unknown][] = [
    [
      'disable',
      { psmo: [{ disable: { iccid: A } }] },
      { kind: 'disableResult', value: 'ok' },
      [{ ...profileA, state: 'disabled' }, profileB],
    ],
    ['delete', { psmo: [{ delete: { iccid: B } }] }, { kind: 'deleteResult', value: 'ok' }, [profileA]],
    [
      'setFallbackAttribute',
      { psmo: [{ setFallbackAttribute: { iccid: B } }] },
      { kind: 'setFallbackAttributeResult', value: 'ok' },
      [profileA, { ...profileB, fallbackAttribute: true }],
    ],
    [
      'unsetFallbackAttribute',
      { psmo: [{ unsetFallbackAttribute: {} }] },
      { kind: 'unsetFallbackAttributeResult', value: 'ok' },
      [profileA, profileB],
    ],
    [
      'configureImmediateEnable',
      { psmo: [{ configureImmediateEnable: { immediateEnableFlag: true } }] },
      { kind: 'configureImmediateEnableResult', value: 'ok' },
      [profileA, profileB],
    ],
    ['getRAT', { psmo: [{ getRAT: {} }] }, { kind: 'getRATResult', value: [] }, [profileA, profileB]],
    [
      'setDefaultDpAddress',
      { psmo: [{ setDefaultDpAddress: { defaultDpAddress: 'a.example' } }] },
      { kind: 'setDefaultDpAddressResult', value: { setDefaultDpAddressResult: 'ok' } },
      [profileA, profileB],
    ],
  ]
  test.each(changes)('of %s leaves the inventory as the eUICC is', async (operation, order, result, profiles) => {
    const ordered = await bench.order(order)
    await bench.provide(bench.epr(await bench.fetchPackage(), [result]))
    expect(await bench.package(ordered)).toMatchObject({
      state: 'done',
      result: { results: [{ operation, result: 'ok' }] },
    })
    expect((await bench.euicc()).profiles).toEqual(profiles)
    expect((await bench.poll()).kind).toBe('eimPackageError')
  })

  test('of eCOs tells tokens and eIMs', async () => {
    const eimPublicKey = Buffer.from(
      (await testPki()).nist.eimSigning.privateKey.publicKey.keyObject.export({ type: 'spki', format: 'der' }),
    ).toString('base64')
    const added = { eimId: 'second', counterValue: 1, associationToken: -1, eimPublicKeyData: { eimPublicKey } }
    const ordered = await bench.order({ eco: [{ addEim: added }, { listEim: {} }] })
    const results: EuiccResultData[] = [
      { kind: 'addEimResult', value: { kind: 'associationToken', value: 3 } },
      { kind: 'listEimResult', value: { kind: 'eimIdList', value: [{ eimId: 'second' }] } },
    ]
    await bench.provide(bench.epr(await bench.fetchPackage(), results))
    expect((await bench.package(ordered)).result).toMatchObject({
      results: [
        { operation: 'addEim', result: 'ok', associationToken: 3 },
        { operation: 'listEim', result: 'ok', eims: [{ eimId: 'second' }] },
      ],
    })
  })

  test('of an operation that the eUICC refused is followed by a look at the inventory before the package is done', async () => {
    const ordered = await bench.order({ psmo: [{ enable: { iccid: A } }] })
    await bench.provide(
      bench.epr(await bench.fetchPackage(), [{ kind: 'enableResult', value: 'profileNotInDisabledState' }]),
    )
    expect(await bench.package(ordered)).toMatchObject({ state: 'delivered' })
    await bench.provide(bench.epr(await bench.fetchPackage(), [listed(infoB)]))
    expect(await bench.package(ordered)).toMatchObject({
      state: 'done',
      counterValue: 2,
      result: { results: [{ operation: 'enable', result: 'profileNotInDisabledState' }] },
    })
    expect((await bench.euicc()).profiles).toEqual([profileB])
  })

  test('is acknowledged again when it comes again, and changes nothing', async () => {
    const ordered = await bench.order({ psmo: [{ enable: { iccid: B } }] })
    const result = bench.epr(await bench.fetchPackage(), [enabled], { seqNumber: 40 })
    await bench.provide(result)
    const before = [await bench.euicc(), await bench.package(ordered)]
    expect(await bench.provide(result)).toEqual({ kind: 'eimAcknowledgements', value: [40] })
    expect([await bench.euicc(), await bench.package(ordered)]).toEqual(before)
  })

  test('belongs to its eUICC without an EID, by its transaction', async () => {
    const ordered = await bench.order({ psmo: [{ enable: { iccid: B } }] })
    await bench.provide(bench.epr(await bench.fetchPackage(), [enabled]), '')
    expect((await bench.package(ordered)).state).toBe('done')
  })

  test('in the DER form of ECDSA is read', async () => {
    const ordered = await bench.order({ psmo: [{ enable: { iccid: B } }] })
    const { value } = bench.card.result(await bench.fetchPackage(), [enabled])
    if (!('euiccSignEPR' in value)) throw new Error('not signed')
    const euiccSignEPR = signatureToDer(value.euiccSignEPR)
    await bench.provide({
      kind: 'euiccPackageResult',
      value: { kind: 'euiccPackageResultSigned', value: { ...value, euiccSignEPR } },
    })
    expect((await bench.package(ordered)).state).toBe('done')
  })
})

describe('a signed error', () => {
  test('ends the package and needs no acknowledgement', async () => {
    const ordered = await bench.order({ psmo: [{ enable: { iccid: B } }] })
    const value = bench.card.error(await bench.fetchPackage(), 'ecallActive')
    expect(await bench.provide({ kind: 'euiccPackageResult', value })).toEqual({ kind: 'emptyResponse', value: {} })
    expect(await bench.package(ordered)).toMatchObject({
      state: 'done',
      result: { kind: 'euiccPackageError', verified: true, error: 'ecallActive' },
    })
    expect((await bench.euicc()).profiles).toEqual([profileA, profileB])
  })
})

describe('an IPA that cannot process a package', () => {
  test('ends it with its error after a look at the inventory', async () => {
    const ordered = await bench.order({ psmo: [{ enable: { iccid: B } }] })
    const { eimTransactionId } = ordered
    await bench.fetchPackage()
    const refuse = (id: string) =>
      bench.provide({
        kind: 'eimPackageResultResponseError',
        value: { eimTransactionId: id, eimPackageResultErrorCode: 'undefinedError' },
      })
    await refuse(eimTransactionId)
    const { value } = (await bench.fetchPackage()).euiccPackageSigned
    expect((await bench.package(ordered)).state).toBe('delivered')
    await refuse(value.eimTransactionId ?? '')
    expect(await bench.package(ordered)).toMatchObject({
      state: 'done',
      result: { kind: 'packageError', error: 'undefinedError' },
    })
  })

  test('ends a download with its error', async () => {
    const ordered = await bench.order({ download: { activationCode } })
    await bench.poll()
    const { eimTransactionId } = ordered
    await bench.provide({
      kind: 'eimPackageResultResponseError',
      value: { eimTransactionId, eimPackageResultErrorCode: 'unknownPackage' },
    })
    expect(await bench.package(ordered)).toMatchObject({
      state: 'done',
      result: { kind: 'packageError', error: 'unknownPackage' },
    })
  })
})
