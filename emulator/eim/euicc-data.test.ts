import { beforeEach, describe, expect, test } from 'vitest'
import { fromHex } from '../../protocol/ber/index.ts'
import type { IpaEuiccData, IpaEuiccDataResponse } from '../../protocol/sgp32/index.ts'
import { type Bench, createBench, EID, told } from './testing/bench.ts'
import { B, infoA, infoB } from './testing/profiles.ts'

let bench: Bench
beforeEach(async () => {
  bench = await told(await createBench(), infoA, infoB)
})

const provide = (value: IpaEuiccDataResponse) => bench.provide({ kind: 'ipaEuiccDataResponse', value })
const said = (data: IpaEuiccData): IpaEuiccDataResponse => ({ kind: 'ipaEuiccData', value: data })

describe('a data request', () => {
  test('names components by their tags and carries the transaction', async () => {
    const { eimTransactionId } = await bench.order({
      data: {
        components: ['notificationsList', 'euiccInfo2', 'deviceInfo'],
        euiccCiPKId: 'f541',
        searchCriteriaNotification: { profileManagementOperation: ['notificationEnable'] },
        searchCriteriaEuiccPackageResult: { seqNumber: 7 },
      },
    })
    expect(await bench.poll()).toEqual({
      kind: 'ipaEuiccDataRequest',
      value: {
        tagList: [0xa0, 0xbf22, 0xa9],
        euiccCiPKIdentifierToBeUsed: fromHex('f541'),
        searchCriteriaNotification: { kind: 'profileManagementOperation', value: ['notificationEnable'] },
        searchCriteriaEuiccPackageResult: { kind: 'seqNumber', value: 7 },
        eimTransactionId,
      },
    })
  })

  test('is done with what the IPA says, which acknowledges nothing and changes no inventory', async () => {
    const ordered = await bench.order({
      data: { components: ['notificationsList', 'ipaCapabilities', 'defaultSmdpAddress'] },
    })
    await bench.poll()
    const before = await bench.euicc()
    const answer = await provide(
      said({
        notificationsList: [bench.card.notification('notificationEnable', B)],
        defaultSmdpAddress: 'smdp.example.com',
        euiccCertificate: fromHex('3003020101'),
        ipaCapabilities: { ipaFeatures: ['directRspServerCommunication'] },
        associationToken: 7,
        eimTransactionId: ordered.eimTransactionId,
      }),
    )
    expect(answer).toEqual({ kind: 'emptyResponse', value: {} })
    expect(await bench.package(ordered)).toMatchObject({
      state: 'done',
      result: {
        kind: 'ipaEuiccData',
        data: {
          notificationsList: [expect.stringMatching(/^M/)],
          defaultSmdpAddress: 'smdp.example.com',
          euiccCertificate: 'MAMCAQE=',
          ipaCapabilities: { ipaFeatures: ['directRspServerCommunication'] },
          associationToken: 7,
        },
      },
    })
    expect((await bench.euicc()).profiles).toEqual(before.profiles)
    expect(await bench.poll()).toEqual({ kind: 'eimPackageError', value: 'noEimPackageAvailable' })
  })

  test('is done with the error of the IPA', async () => {
    const ordered = await bench.order({ data: { components: ['euiccCertificate'], euiccCiPKId: '00' } })
    await bench.poll()
    await provide({ kind: 'ipaEuiccDataResponseError', value: { ipaEuiccDataErrorCode: 'euiccCiPKIdNotFound' } })
    expect((await bench.package(ordered)).result).toEqual({ kind: 'ipaEuiccDataError', error: 'euiccCiPKIdNotFound' })
  })

  test('that the IPA could not carry out leaves the inventory as it is', async () => {
    const ordered = await bench.order({ data: { components: ['euiccInfo1'] } })
    await bench.poll()
    await bench.provide({
      kind: 'eimPackageResultResponseError',
      value: { eimPackageResultErrorCode: 'undefinedError' },
    })
    expect(await bench.package(ordered)).toMatchObject({ state: 'done', result: { error: 'undefinedError' } })
  })

  test.each([
    ['nothing', { components: [] }],
    ['the same twice', { components: ['euiccInfo1', 'euiccInfo1'] }],
    ['the transaction', { components: ['eimTransactionId'] }],
    ['two criteria', { components: ['notificationsList'], searchCriteriaNotification: {} }],
    ['a key identifier that is none', { components: ['euiccCertificate'], euiccCiPKId: 'x' }],
  ])('for %s is refused', async (_what, data) => {
    expect((await bench.ask('POST', `/euiccs/${EID}/packages`, { data })).status).toBe(400)
  })
})

describe('data that nobody has asked for', () => {
  test('is not believed', async () => {
    await provide(said({ associationToken: 1 }))
    expect(bench.trace.some(({ status }) => status === 'not believed: not-asked')).toBe(true)
  })

  test('does not end another package', async () => {
    const ordered = await bench.order({ psmo: [{ enable: { iccid: B } }] })
    await bench.poll()
    await provide(said({ eimTransactionId: ordered.eimTransactionId }))
    expect((await bench.package(ordered)).state).toBe('delivered')
  })
})
