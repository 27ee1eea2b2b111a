import { beforeEach, describe, expect, test } from 'vitest'
import { encode } from '../../protocol/ber/index.ts'
import { deriveEuiccIdentity } from '../../protocol/crypto/index.ts'
import { AuthenticateServerResponse } from '../../protocol/sgp32/index.ts'
import { type Bench, createBench, OTHER_EID, testPki, told } from './testing/bench.ts'
import { installed, listed } from './testing/card.ts'
import { A, activationCode, infoA, infoB, profileA, profileB } from './testing/profiles.ts'

let bench: Bench
beforeEach(async () => {
  bench = await told(await createBench(), infoA, infoB)
})

describe('a download', () => {
  const pir = (...parameters: Parameters<Bench['card']['installation']>) => bench.card.installation(...parameters)
  const C = '8944058925001234587'
  const trigger = async () => {
    const ordered = await bench.order({ download: { activationCode } })
    await bench.poll()
    return ordered
  }
  const triggerResult = (
    { eimTransactionId }: { eimTransactionId: string },
    profileInstallationResult: ReturnType<typeof pir>,
  ) =>
    ({
      kind: 'profileDownloadTriggerResult',
      value: {
        eimTransactionId,
        profileDownloadTriggerResultData: { kind: 'profileInstallationResult', value: profileInstallationResult },
      },
    }) as const

  test('is done when the inventory shows the profile with its metadata', async () => {
    const ordered = await trigger()
    const answer = await bench.provide(triggerResult(ordered, pir(installed, { iccid: C, seqNumber: 50 })))
    expect(answer).toEqual({ kind: 'eimAcknowledgements', value: [50] })
    expect((await bench.package(ordered)).state).toBe('delivered')
    const info = { iccid: C, profileState: 'disabled', fallbackAllowed: true, profileName: 'C' } as const
    await bench.provide(bench.epr(await bench.fetchPackage(), [listed(infoA, infoB, info)], { seqNumber: 51 }))
    expect(await bench.package(ordered)).toMatchObject({
      state: 'done',
      result: {
        kind: 'profileInstallationResult',
        verified: true,
        outcome: 'success',
        iccid: C,
        isdpAid: 'a0000005591010ffffffff8900001000',
      },
    })
    expect(await bench.package(ordered)).not.toHaveProperty('counterValue')
    expect((await bench.ask('GET', `/profiles/${C}`)).body).toMatchObject({ fallbackAllowed: true, profileName: 'C' })
  })

  test('that failed on the eUICC is done with its reason', async () => {
    const ordered = await trigger()
    const error = {
      kind: 'errorResult',
      value: { bppCommandId: 'storeMetadata', errorReason: 'installFailedDueToIccidAlreadyExistsOnEuicc' },
    } as const
    await bench.provide(triggerResult(ordered, pir(error, { iccid: A })))
    expect(await bench.package(ordered)).toMatchObject({
      state: 'done',
      result: { kind: 'profileInstallationResult', outcome: 'error', iccid: A, ...error.value },
    })
    expect((await bench.euicc()).profiles).toEqual([profileA, profileB])
  })

  test.each([
    [
      'the status code of the SM-DP+',
      new TextEncoder().encode(
        '{"header":{"functionExecutionStatus":{"status":"Failed","statusCodeData":{"subjectCode":"8.2.6","reasonCode":"3.8"}}}}',
      ),
      { subjectCode: '8.2.6', reasonCode: '3.8', detail: expect.stringContaining('Refused') },
    ],
    [
      'the error of the eUICC',
      encode(AuthenticateServerResponse, {
        kind: 'authenticateResponseError',
        value: { transactionId: '1234', authenticateErrorCode: 'invalidCertificate' },
      }),
      { detail: 'AuthenticateServerResponse: invalidCertificate' },
    ],
    ['what cannot be read', Uint8Array.of(1, 2, 3), { detail: '010203' }],
  ])('that never got to the eUICC is done with %s', async (_what, errorResponse, told) => {
    const { eimTransactionId, ...ordered } = await trigger()
    const value = { profileDownloadErrorReason: 'undefinedError', errorResponse } as const
    await bench.provide({
      kind: 'profileDownloadTriggerResult',
      value: { eimTransactionId, profileDownloadTriggerResultData: { kind: 'profileDownloadError', value } },
    })
    expect((await bench.package({ eimTransactionId, ...ordered })).result).toEqual({
      kind: 'profileDownloadError',
      reason: 'undefinedError',
      ...told,
    })
  })

  test('is known by its SM-DP+ when the IPA names a transaction that was never given out', async () => {
    const ordered = await trigger()
    await bench.provide(triggerResult({ eimTransactionId: 'AB' }, pir(installed, { iccid: C, seqNumber: 50 })))
    await bench.provide(bench.epr(await bench.fetchPackage(), [listed({ iccid: C })], { seqNumber: 51 }))
    expect(await bench.package(ordered)).toMatchObject({ state: 'done', result: { outcome: 'success', iccid: C } })
  })

  test('does not take the late result of one that was given up, nor a profile of another SM-DP+, for its own', async () => {
    bench = await told(await createBench({ settings: { patience: { answerMs: 10_000 } } }), infoA, infoB)
    const late = await trigger()
    bench.clock.at += 10_000
    const next = await bench.order({ download: { activationCode } })
    const other = await bench.order({ download: { activationCode: '1$other.example.com$TOKEN' } })
    await bench.poll()
    const answer = await bench.provide(triggerResult(late, pir(installed, { iccid: C, seqNumber: 50 })))
    expect(answer).toEqual({ kind: 'eimAcknowledgements', value: [50] })
    expect([(await bench.package(late)).state, (await bench.package(next)).state]).toEqual(['done', 'delivered'])
    bench.clock.at += 10_000
    await bench.poll()
    await bench.provide(triggerResult({ eimTransactionId: 'AB' }, pir(installed, { iccid: C, seqNumber: 51 })))
    expect((await bench.package(other)).state).toBe('delivered')
  })

  test.each([
    [
      'signed by another eUICC',
      async () => {
        const { nist } = await testPki()
        const { privateKey } = deriveEuiccIdentity({ eum: nist.eum, eid: OTHER_EID, seed: new Uint8Array(1) })
        return pir(installed, { iccid: C, key: privateKey })
      },
    ],
    ['with a sequence number that is not new', async () => pir(installed, { iccid: C, seqNumber: 1 })],
  ])('whose installation result is %s stays delivered', async (_what, forge) => {
    const ordered = await trigger()
    expect(await bench.provide(triggerResult(ordered, await forge()))).toEqual({ kind: 'emptyResponse', value: {} })
    expect(await bench.package(ordered)).toMatchObject({ state: 'delivered', unverifiedResults: 1 })
    expect((await bench.euicc()).profiles).toEqual([profileA, profileB])
  })
})
