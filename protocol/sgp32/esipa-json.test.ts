import { describe, expect, test } from 'vitest'
import { DecodeError, fromHex, toHex } from '../ber/index.ts'
import {
  type EsipaFunction,
  esipaRequestFromJson,
  esipaRequestToJson,
  esipaResponseFromJson,
  esipaResponseToJson,
} from './esipa-json.ts'

const executed = { header: { functionExecutionStatus: { status: 'Executed-Success' } } }
const base64 = (hex: string) => Buffer.from(fromHex(hex)).toString('base64')

const challenge = '00112233445566778899aabbccddeeff'
const eid = '89049032123451234512345678901235'

/** A short TLV in hexadecimal. */
function tlv(tag: string, ...content: readonly string[]): string {
  const octets = content.join('').replaceAll(' ', '')
  return `${tag}${(octets.length / 2).toString(16).padStart(2, '0')}${octets}`
}

const requests: [EsipaFunction, string, object][] = [
  ['initiateAuthentication', tlv('bf39', `8110${challenge}`), { euiccChallenge: base64(challenge) }],
  [
    'initiateAuthentication',
    tlv('bf39', `8110${challenge}`, '830161', 'bf2000', '820101'),
    {
      euiccChallenge: base64(challenge),
      smdpAddress: 'a',
      euiccInfo1: base64('bf2000'),
      eimTransactionId: '01',
    },
  ],
  [
    'authenticateClient',
    tlv('bf3b', '8001ab', 'bf3800'),
    { transactionId: 'AB', authenticateServerResponse: base64('bf3800') },
  ],
  [
    'getBoundProfilePackage',
    tlv('bf3a', '8001ab', 'bf2100'),
    { transactionId: 'AB', prepareDownloadResponse: base64('bf2100') },
  ],
  [
    'cancelSession',
    tlv('bf41', '8001ab', 'a10381017f'),
    { transactionId: 'AB', cancelSessionResponse: base64('bf410381017f') },
  ],
  ['getEimPackage', tlv('bf4f', `5a10${eid}`), { eidValue: eid }],
  [
    'getEimPackage',
    tlv('bf4f', `5a10${eid}`, '8000', '810101', '820300f110'),
    { eidValue: eid, notifyStateChange: true, stateChangeCause: 1, rPLMN: base64('00f110') },
  ],
  [
    'provideEimPackageResult',
    tlv('bf50', `5a10${eid}`, 'a00302017f'),
    { eidValue: eid, eimPackageResult: base64('a00302017f') },
  ],
  ['handleNotification', tlv('bf3d', 'a0023000'), { pendingNotification: base64('3000') }],
  ['handleNotification', tlv('bf3d', 'bf5000'), { provideEimPackageResult: base64('bf5000') }],
]

const responses: [EsipaFunction, string, object][] = [
  [
    'initiateAuthentication',
    tlv('bf39', tlv('a0', '800101', '3000', '5f3700', '0400', '3001ff', '0c016d')),
    {
      transactionId: '01',
      serverSigned1: base64('3000'),
      serverSignature1: base64('5f3700'),
      euiccCiPKIdentifierToBeUsed: base64('0400'),
      serverCertificate: base64('3001ff'),
      matchingId: 'm',
    },
  ],
  [
    'initiateAuthentication',
    tlv('bf39', tlv('a0', '3000', '5f3700', '0400', '3001ff', 'a204a0020500')),
    {
      serverSigned1: base64('3000'),
      serverSignature1: base64('5f3700'),
      euiccCiPKIdentifierToBeUsed: base64('0400'),
      serverCertificate: base64('3001ff'),
      ctxParams1: base64('a0020500'),
    },
  ],
  [
    'authenticateClient',
    tlv('bf3b', tlv('a0', '800101', 'bf2500', '3000', '5f3700', '3001ff', '0400')),
    {
      transactionId: '01',
      profileMetadata: base64('bf2500'),
      smdpSigned2: base64('3000'),
      smdpSignature2: base64('5f3700'),
      smdpCertificate: base64('3001ff'),
      hashCc: base64('0400'),
    },
  ],
  [
    'getBoundProfilePackage',
    tlv('bf3a', tlv('a0', '800101', 'bf3600')),
    { transactionId: '01', boundProfilePackage: base64('bf3600') },
  ],
  ['cancelSession', tlv('bf41', 'a000'), {}],
  ['getEimPackage', tlv('bf4f', 'bf5100'), { euiccPackageRequest: base64('bf5100') }],
  ['getEimPackage', tlv('bf4f', 'bf5200'), { ipaEuiccDataRequest: base64('bf5200') }],
  ['getEimPackage', tlv('bf4f', 'bf5400'), { profileDownloadTriggerRequest: base64('bf5400') }],
  ['provideEimPackageResult', tlv('bf50', 'bf5303800101'), { eimAcknowledgements: base64('bf5303800101') }],
  ['provideEimPackageResult', tlv('bf50', '3000'), {}],
]

const failures: [EsipaFunction, string, string, string][] = [
  ['getEimPackage', 'bf4f03 020101', '8.1.1', '3.7'],
  ['getEimPackage', 'bf4f03 020102', '8.1.1', '3.9'],
  ['getEimPackage', 'bf4f03 020103', '8.1.1', '2.1'],
  ['getEimPackage', 'bf4f03 020104', '8.1.1', '2.2'],
  ['getEimPackage', 'bf4f03 02017f', '1.6', '4.2'],
  ['provideEimPackageResult', 'bf5003 020102', '8.1.1', '3.9'],
  ['initiateAuthentication', 'bf3903 810134', '8.31.2', '3.10'],
  ['authenticateClient', 'bf3b03 820106', '8.2.6', '3.8'],
  ['getBoundProfilePackage', 'bf3a03 810132', '8.2.9', '3.11'],
  ['cancelSession', 'bf4103 810101', '8.10.1', '3.9'],
]

const hex = (spaced: string) => spaced.replaceAll(' ', '')

describe('ESipa in JSON', () => {
  test.each(requests)('a request of %s, %s', (name, message, json) => {
    expect(esipaRequestToJson(name, fromHex(message))).toEqual(json)
    expect(toHex(esipaRequestFromJson(name, { ...json }))).toBe(hex(message))
  })

  test.each(responses)('a response of %s, %s', (name, message, json) => {
    expect(esipaResponseToJson(name, fromHex(message))).toEqual({ ...executed, ...json })
    expect(toHex(esipaResponseFromJson(name, { ...executed, ...json }))).toBe(hex(message))
  })

  test.each(failures)('an error of %s, %s, is %s/%s', (name, message, subjectCode, reasonCode) => {
    const json = esipaResponseToJson(name, fromHex(message))
    expect(json).toMatchObject({
      header: { functionExecutionStatus: { status: 'Failed', statusCodeData: { subjectCode, reasonCode } } },
    })
    expect(toHex(esipaResponseFromJson(name, json))).toBe(hex(message))
  })

  test('a status code that no error has is undefinedError', () => {
    const statusCodeData = { subjectCode: '8.2', reasonCode: '1.2' }
    const json = { header: { functionExecutionStatus: { status: 'Failed', statusCodeData } } }
    expect(toHex(esipaResponseFromJson('getEimPackage', json))).toBe('bf4f0302017f')
    expect(
      toHex(esipaResponseFromJson('getEimPackage', { header: { functionExecutionStatus: { status: 'Expired' } } })),
    ).toBe('bf4f0302017f')
  })

  test('rPlmn is rPLMN too', () => {
    expect(toHex(esipaRequestFromJson('getEimPackage', { eidValue: eid, rPlmn: base64('00f110') }))).toBe(
      `bf4f175a10${eid}820300f110`,
    )
  })

  test.each<[string, object]>([
    ['no header', {}],
    ['a status that is no text', { header: { functionExecutionStatus: { status: 1 } } }],
    ['a member that is no text', { ...executed, euiccPackageRequest: {} }],
    ['a member that is not base64', { ...executed, euiccPackageRequest: 'v1E' }],
    ['a member with something behind it', { ...executed, euiccPackageRequest: base64('bf510000') }],
    ['a member of another type', { ...executed, euiccPackageRequest: base64('bf5200') }],
  ])('a response with %s cannot be read', (_what, json) => {
    expect(() => esipaResponseFromJson('getEimPackage', { ...json })).toThrow(DecodeError)
  })
})
