import { expect, test } from 'vitest'
import { encode, fromHex } from '../ber/index.ts'
import { sgp22Types } from '../sgp22/index.ts'
import { identify, sgp32Types } from './index.ts'

test.each([
  ['bf2e00', undefined, 'GetEuiccChallengeRequest'],
  [`bf2e128010${'00'.repeat(16)}`, undefined, 'GetEuiccChallengeResponse'],
  ['bf2d00', undefined, 'ProfileInfoListRequest'],
  ['bf2d02a000', undefined, 'ProfileInfoListResponse'],
  ['bf3003800101', 'request', 'NotificationSentRequest'],
  ['bf3003800101', 'response', 'NotificationSentResponse'],
  ['bf4f0302017f', undefined, 'GetEimPackageResponse'],
  ['bf5600', undefined, 'GetCertsRequest'],
  ['bf510aa2088003454944840101', undefined, 'EuiccPackageResult'],
  ['a205bf4102a000', undefined, 'RemoteProfileProvisioningResponse'],
] as const)('%s, known to be a %s, is %s', (hex, direction, name) => {
  expect(identify(fromHex(hex), direction)?.name).toBe(name)
})

test('the type that leaves fewer elements unexplained is proposed', () => {
  expect(identify(fromHex('e3049f2601ff'))?.schema).toBe(sgp32Types.ProfileInfo)
  const certificate = fromHex('3006020101020102')
  const certs = { kind: 'certs', value: { eumCertificate: certificate, euiccCertificate: certificate } } as const
  expect(identify(encode(sgp32Types.GetCertsResponse, certs))?.name).toBe('GetCertsResponse')
})

test('a type of SGP.22 is proposed where SGP.32 has none', () => {
  expect(identify(fromHex('bf3e035c015a'))?.schema).toBe(sgp22Types.GetEuiccDataRequest)
})

test.each(['', '9e00', 'bf2e', 'bf7f00', 'ffffffffffff', 'bf38021f'])('%s is no message', (hex) => {
  expect(identify(fromHex(hex))).toBeUndefined()
})
