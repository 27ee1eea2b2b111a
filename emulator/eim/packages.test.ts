import { beforeEach, describe, expect, test } from 'vitest'
import { capture, encode, equalOctets, integer } from '../../protocol/ber/index.ts'
import { deriveEuiccIdentity, signatureToDer, verify } from '../../protocol/crypto/index.ts'
import {
  AuthenticateServerResponse,
  EuiccPackageResultDataSigned,
  type EuiccResultData,
} from '../../protocol/sgp32/index.ts'
import { type Bench, createBench, EID, OTHER_EID, onboard, testPki, told } from './testing/bench.ts'
import { createPaperCard, installed, listed } from './testing/card.ts'

const A = '8944058925001234561'
const B = '8944058925001234579'
const profileA = { iccid: A, state: 'enabled', fallbackAttribute: false, fallbackAllowed: false }
const profileB = { iccid: B, state: 'disabled', fallbackAttribute: false, fallbackAllowed: true }
const infoA = { iccid: A, profileState: 'enabled' } as const
const infoB = { iccid: B, profileState: 'disabled', fallbackAllowed: true } as const
const activationCode = '1$smdp.example.com$TOKEN'

let bench: Bench
beforeEach(async () => {
  bench = await told(await createBench(), infoA, infoB)
})

const enabled: EuiccResultData = { kind: 'enableResult', value: 'ok' }
const epr = (...[request, results, change, key]: Parameters<Bench['card']['result']>) =>
  ({ kind: 'euiccPackageResult', value: bench.card.result(request, results, change, key) }) as const

describe('a package on its way', () => {
  test('is signed over its data and the association token, with a counter of its own', async () => {
    const { associationToken, eimSigning } = { associationToken: 7, ...(await testPki()).nist }
    await bench.ask('PUT', `/euiccs/${EID}/association-token`, { associationToken })
    const ordered = await bench.order({ psmo: [{ enable: { iccid: B, rollback: true } }] })
    const { euiccPackageSigned, eimSignature } = await bench.fetchPackage()
    expect(euiccPackageSigned.value).toEqual({
      eimId: 'eim.example.com',
      eidValue: EID,
      counterValue: 2,
      eimTransactionId: ordered.eimTransactionId,
      euiccPackage: { kind: 'psmoList', value: [{ kind: 'enable', value: { iccid: B, rollbackFlag: true } }] },
    })
    const signed = [euiccPackageSigned.octets, encode(integer(0x84), associationToken)]
    expect(verify(eimSigning.privateKey.publicKey, signed, eimSignature)).toBe(true)
  })

  test('is repeated octet for octet until it is answered, and only then followed by the next one', async () => {
    const first = await bench.order({ psmo: [{ enable: { iccid: B } }] })
    const second = await bench.order({ psmo: [{ disable: { iccid: B } }] })
    const delivery = await bench.send({ kind: 'getEimPackageRequest', value: { eidValue: EID } })
    const again = await bench.send({ kind: 'getEimPackageRequest', value: { eidValue: EID } })
    expect(equalOctets(delivery.octets, again.octets)).toBe(true)
    expect([(await bench.package(first)).state, (await bench.package(second)).state]).toEqual(['delivered', 'queued'])
    await bench.provide(epr(await bench.fetchPackage(), [enabled]))
    expect((await bench.fetchPackage()).euiccPackageSigned.value).toMatchObject({
      counterValue: 3,
      eimTransactionId: second.eimTransactionId,
    })
  })

  test('is signed anew under the counter it has when the association token changes', async () => {
    await bench.order({ psmo: [{ enable: { iccid: B } }] })
    const before = await bench.fetchPackage()
    await bench.ask('PUT', `/euiccs/${EID}/association-token`, { associationToken: 9 })
    const after = await bench.fetchPackage()
    expect(equalOctets(before.euiccPackageSigned.octets, after.euiccPackageSigned.octets)).toBe(true)
    const { publicKey } = (await testPki()).nist.eimSigning.privateKey
    const signed = [after.euiccPackageSigned.octets, encode(integer(0x84), 9)]
    expect(verify(publicKey, signed, after.eimSignature)).toBe(true)
  })

  test('is not repeated at once after an answer that cannot be believed, and is later', async () => {
    await bench.order({ psmo: [{ enable: { iccid: B } }] })
    const request = await bench.fetchPackage()
    await bench.provide({ kind: 'euiccPackageResult', value: bench.card.unsigned(request) })
    expect(await bench.poll()).toEqual({ kind: 'eimPackageError', value: 'noEimPackageAvailable' })
    bench.clock.at += 30_000
    expect((await bench.poll()).kind).toBe('euiccPackageRequest')
  })

  test('can be any eCO', async () => {
    await bench.order({ eco: [{ deleteEim: { eimId: 'other' } }, { listEim: {} }] })
    const { value } = (await bench.fetchPackage()).euiccPackageSigned
    expect(value.euiccPackage).toEqual({
      kind: 'ecoList',
      value: [
        { kind: 'deleteEim', value: { eimId: 'other' } },
        { kind: 'listEim', value: {} },
      ],
    })
  })

  test('can be a download trigger with the activation code', async () => {
    const { eimTransactionId } = await bench.order({ download: { activationCode } })
    expect(await bench.poll()).toEqual({
      kind: 'profileDownloadTriggerRequest',
      value: { profileDownloadData: { kind: 'activationCode', value: activationCode }, eimTransactionId },
    })
  })
})

describe('a result that is believed', () => {
  test('ends the package, is acknowledged by its sequence number and applied to the inventory', async () => {
    const ordered = await bench.order({ psmo: [{ enable: { iccid: B } }] })
    const answer = await bench.provide(epr(await bench.fetchPackage(), [enabled], { seqNumber: 40 }))
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
    await bench.provide(epr(await bench.fetchPackage(), [result]))
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
    await bench.provide(epr(await bench.fetchPackage(), results))
    expect((await bench.package(ordered)).result).toMatchObject({
      results: [
        { operation: 'addEim', result: 'ok', associationToken: 3 },
        { operation: 'listEim', result: 'ok', eims: [{ eimId: 'second' }] },
      ],
    })
  })

  test('of an operation that the eUICC refused is followed by a look at the inventory before the package is done', async () => {
    const ordered = await bench.order({ psmo: [{ enable: { iccid: A } }] })
    await bench.provide(epr(await bench.fetchPackage(), [{ kind: 'enableResult', value: 'profileNotInDisabledState' }]))
    expect(await bench.package(ordered)).toMatchObject({ state: 'delivered' })
    await bench.provide(epr(await bench.fetchPackage(), [listed(infoB)]))
    expect(await bench.package(ordered)).toMatchObject({
      state: 'done',
      counterValue: 2,
      result: { results: [{ operation: 'enable', result: 'profileNotInDisabledState' }] },
    })
    expect((await bench.euicc()).profiles).toEqual([profileB])
  })

  test('is acknowledged again when it comes again, and changes nothing', async () => {
    const ordered = await bench.order({ psmo: [{ enable: { iccid: B } }] })
    const result = epr(await bench.fetchPackage(), [enabled], { seqNumber: 40 })
    await bench.provide(result)
    const before = [await bench.euicc(), await bench.package(ordered)]
    expect(await bench.provide(result)).toEqual({ kind: 'eimAcknowledgements', value: [40] })
    expect([await bench.euicc(), await bench.package(ordered)]).toEqual(before)
  })

  test('belongs to its eUICC without an EID, by its transaction', async () => {
    const ordered = await bench.order({ psmo: [{ enable: { iccid: B } }] })
    await bench.provide(epr(await bench.fetchPackage(), [enabled]), '')
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
      async (request) => [epr(request, [enabled], {}, await otherKey())],
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
    'a sequence number that is not new': ['sequence-number', (request) => [epr(request, [enabled], { seqNumber: 1 })]],
    'another eIM in it': ['eim-id', (request) => [epr(request, [enabled], { eimId: 'other' })]],
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
    await bench.provide(epr(await bench.fetchPackage(), [enabled]))
    expect((await bench.package(ordered)).state).toBe('done')
  })

  test('the result of one eUICC under the EID of another', async () => {
    const { nist } = await testPki()
    await onboard(bench.ask, createPaperCard({ eid: OTHER_EID, eum: nist.eum }))
    const ordered = await bench.order({ psmo: [{ enable: { iccid: B } }] })
    const result = epr(await bench.fetchPackage(), [enabled])
    expect(await bench.provide(result, OTHER_EID)).toEqual({ kind: 'emptyResponse', value: {} })
    expect((await bench.package(ordered)).state).toBe('delivered')
    expect((await bench.ask('GET', `/euiccs/${OTHER_EID}`)).body.profiles).toEqual([])
  })

  test('a result for a transaction that is not under way, although the eUICC signed it', async () => {
    const ordered = await bench.order({ psmo: [{ enable: { iccid: B } }] })
    const result = epr(await bench.fetchPackage(), [enabled], { eimTransactionId: 'AB', seqNumber: 41 })
    expect(await bench.provide(result)).toEqual({ kind: 'eimAcknowledgements', value: [41] })
    expect((await bench.package(ordered)).state).toBe('delivered')
    expect((await bench.euicc()).profiles).toEqual([profileA, profileB])
  })

  test('of an unknown EID, and without any EID', async () => {
    await bench.order({ psmo: [{ enable: { iccid: B } }] })
    const request = await bench.fetchPackage()
    const error = (value: string) => ({ kind: 'provideEimPackageResultError', value })
    expect(await bench.provide(epr(request, [enabled]), OTHER_EID)).toEqual(error('eidNotFound'))
    expect(await bench.provide(epr(request, [enabled], { eimTransactionId: 'AB' }), '')).toEqual(error('missingEid'))
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

  test('replayError for a repetition shows that the first one may have been executed: the eUICC is asked', async () => {
    const ordered = await bench.order({ psmo: [{ enable: { iccid: B } }] })
    await bench.fetchPackage()
    const request = await bench.fetchPackage()
    await bench.provide({ kind: 'euiccPackageResult', value: bench.card.error(request, 'replayError') })
    expect((await bench.package(ordered)).state).toBe('delivered')
    const now = [
      { ...infoA, profileState: 'disabled' as const },
      { ...infoB, profileState: 'enabled' as const },
    ]
    await bench.provide(epr(await bench.fetchPackage(), [listed(...now)]))
    expect(await bench.package(ordered)).toMatchObject({ state: 'done', result: { error: 'replayError' } })
    expect((await bench.euicc()).profiles[1]).toMatchObject({ iccid: B, state: 'enabled' })
  })
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
    await bench.provide(epr(await bench.fetchPackage(), [listed(infoB)]))
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
    await bench.provide(epr(await bench.fetchPackage(), [listed(infoA, infoB, info)], { seqNumber: 51 }))
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
