import { expect, test } from 'vitest'
import { encode, fromHex } from '../../../protocol/ber/index.ts'
import { EuiccConfiguredAddressesResponse } from '../../../protocol/sgp22/index.ts'
import {
  GetCertsRequest,
  GetCertsResponse,
  IpaEuiccDataRequest,
  RetrieveNotificationsListRequest,
} from '../../../protocol/sgp32/index.ts'
import { certificate, ciPKId, euiccInfo2, otherNotification, packageResult } from '../testing/messages.ts'
import { createWorld, type WorldScript } from '../testing/world.ts'

const certs = encode(GetCertsResponse, {
  kind: 'certs',
  value: { eumCertificate: certificate, euiccCertificate: certificate },
})

async function ask(request: Partial<IpaEuiccDataRequest>, script: WorldScript = {}) {
  const octets = encode(IpaEuiccDataRequest, { tagList: [], eimTransactionId: '0A', ...request })
  const world = createWorld({ ...script, packages: [octets] })
  world.card.notifications.set(6, otherNotification(6))
  world.card.results.set(5, packageResult(5, [], 'other.test'))
  await world.ipa.poll()
  return { ...world, answer: world.results[0]?.eimPackageResult }
}

test('each tag brings its component, in the order of the standard', async () => {
  const tagList = [0xa9, 0xa8, 0xa6, 0xa5, 0x84, 0x83, 0xbf22, 0xbf20, 0xa2, 0x81, 0xa0]
  const addresses = { defaultDpAddress: 'dp.test', rootDsAddress: 'ds.test' }
  const card = { GetCerts: certs, GetEuiccConfiguredAddresses: encode(EuiccConfiguredAddressesResponse, addresses) }
  const { answer } = await ask({ tagList }, { card })
  expect(answer).toMatchObject({
    kind: 'ipaEuiccDataResponse',
    value: {
      kind: 'ipaEuiccData',
      value: {
        notificationsList: [{ kind: 'otherSignedNotification' }],
        defaultSmdpAddress: 'dp.test',
        euiccPackageResultList: [{ kind: 'euiccPackageResultSigned' }],
        euiccInfo1: { euiccCiPKIdListForSigning: [ciPKId] },
        euiccInfo2,
        rootSmdsAddress: 'ds.test',
        associationToken: 7,
        eumCertificate: certificate,
        euiccCertificate: certificate,
        eimTransactionId: '0A',
        ipaCapabilities: { ipaFeatures: ['directRspServerCommunication'] },
        deviceInfo: { tac: fromHex('53926011') },
      },
    },
  })
})

test('what the eUICC does not have is absent', async () => {
  const { answer } = await ask({ tagList: [0x81] })
  expect(answer?.value).toEqual({ kind: 'ipaEuiccData', value: { eimTransactionId: '0A' } })
})

test('search criteria reach the eUICC', async () => {
  const { card } = await ask({
    tagList: [0xa0, 0xa2],
    searchCriteriaNotification: { kind: 'seqNumber', value: 6 },
    searchCriteriaEuiccPackageResult: { kind: 'seqNumber', value: 5 },
  })
  const requests = card.calls.map(({ request }) => request)
  for (const value of [5, 6])
    expect(requests).toContainEqual(
      encode(RetrieveNotificationsListRequest, { searchCriteria: { kind: 'seqNumber', value } }),
    )
})

test('a key identifier that was cut short finds its CI', async () => {
  const script = { card: { GetCerts: certs } }
  const { card } = await ask({ tagList: [0xa5], euiccCiPKIdentifierToBeUsed: ciPKId.subarray(0, 2) }, script)
  expect(card.calls.find(({ name }) => name === 'GetCerts')?.request).toEqual(
    encode(GetCertsRequest, { euiccCiPKId: ciPKId }),
  )
})

test.each([
  ['incorrectTagList', { tagList: [0xbf20, 0x5a] }, {}],
  ['euiccCiPKIdNotFound', { tagList: [0xa6], euiccCiPKIdentifierToBeUsed: fromHex('00') }, {}],
  [
    'undefinedError',
    { tagList: [0xa6] },
    { GetCerts: encode(GetCertsResponse, { kind: 'getCertsError', value: 'invalidCiPKId' }) },
  ],
  ['undefinedError', { tagList: [0xbf20] }, { GetEUICCInfo1: 0x6f00 }],
])('%s is the answer to %o', async (code, request, card) => {
  const { answer } = await ask(request, { card })
  expect(answer).toEqual({
    kind: 'ipaEuiccDataResponse',
    value: { kind: 'ipaEuiccDataResponseError', value: { eimTransactionId: '0A', ipaEuiccDataErrorCode: code } },
  })
})

test('a request that cannot be read is answered with invalidPackageFormat and its transaction', async () => {
  const { ipa, results } = createWorld({ packages: [fromHex('bf520683010a040100')] })
  await ipa.poll()
  expect(results[0]?.eimPackageResult).toEqual({
    kind: 'eimPackageResultResponseError',
    value: { eimTransactionId: '0A', eimPackageResultErrorCode: 'invalidPackageFormat' },
  })
})

test('what the eIM takes over leaves the eUICC', async () => {
  const acknowledge = () => ({ kind: 'eimAcknowledgements', value: [6] }) as const
  const { card, requests } = await ask({ tagList: [0xa0] }, { acknowledge })
  expect(card.notifications.size).toBe(0)
  expect(requests).not.toContain('smdp.test handleNotification')
})
