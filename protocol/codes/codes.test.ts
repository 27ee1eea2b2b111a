import { expect, test } from 'vitest'
import { type AnySchema, encode, fromHex, toHex } from '../ber/index.ts'
import {
  AuthenticateClientResponseEs9,
  AuthenticateClientResponseEs11,
  CancelSessionResponseEs9,
  GetBoundProfilePackageResponse,
  InitiateAuthenticationResponse,
} from '../sgp22/index.ts'
import {
  AuthenticateClientResponseEsipa,
  CancelSessionResponseEsipa,
  GetBoundProfilePackageResponseEsipa,
  GetEimPackageResponse,
  InitiateAuthenticationResponseEsipa,
  ProvideEimPackageResultResponse,
} from '../sgp32/index.ts'
import {
  aids,
  type ErrorRow,
  errorOf,
  es9plusErrors,
  es11Errors,
  esipaErrors,
  isdPAid,
  isdPNumber,
  isSuccess,
  moreData,
  proactiveCommand,
  statusOf,
  statusText,
  statusWords,
  statusWordText,
  triesLeft,
  wrongLe,
} from './index.ts'

const answers: Readonly<Record<string, readonly [schema: AnySchema, alternative: string]>> = {
  'ES9+ initiateAuthentication': [InitiateAuthenticationResponse, 'initiateAuthenticationError'],
  'ES9+ authenticateClient': [AuthenticateClientResponseEs9, 'authenticateClientError'],
  'ES11 initiateAuthentication': [InitiateAuthenticationResponse, 'initiateAuthenticationError'],
  'ES11 authenticateClient': [AuthenticateClientResponseEs11, 'authenticateClientError'],
  'ES9+ getBoundProfilePackage': [GetBoundProfilePackageResponse, 'getBoundProfilePackageError'],
  'ES9+ cancelSession': [CancelSessionResponseEs9, 'cancelSessionError'],
  'ESipa initiateAuthentication': [InitiateAuthenticationResponseEsipa, 'initiateAuthenticationErrorEsipa'],
  'ESipa authenticateClient': [AuthenticateClientResponseEsipa, 'authenticateClientErrorEsipa'],
  'ESipa getBoundProfilePackage': [GetBoundProfilePackageResponseEsipa, 'getBoundProfilePackageErrorEsipa'],
  'ESipa cancelSession': [CancelSessionResponseEsipa, 'cancelSessionError'],
  'ESipa getEimPackage': [GetEimPackageResponse, 'eimPackageError'],
  'ESipa provideEimPackageResult': [ProvideEimPackageResultResponse, 'provideEimPackageResultError'],
}

const functions: [string, readonly ErrorRow[]][] = [
  ...Object.entries(es11Errors).map(([name, rows]) => [`ES11 ${name}`, rows]),
  ...Object.values(es9plusErrors).flatMap((table) =>
    Object.entries(table).map(([name, rows]) => [`ES9+ ${name}`, rows]),
  ),
  ...Object.values(esipaErrors).flatMap((table) =>
    Object.entries(table).map(([name, rows]) => [`ESipa ${name}`, rows]),
  ),
] as [string, readonly ErrorRow[]][]

test.each(functions)('%s: every error of the table has a number in its answer', (name, rows) => {
  const [schema, kind] = answers[name] ?? []
  for (const { error } of rows) {
    expect(errorOf(rows, statusOf(rows, error))).toBe(error)
    if (schema) expect(() => encode(schema as never, { kind, value: error } as never)).not.toThrow()
  }
  expect(schema).toBeDefined()
})

test('the number of an expired order depends on the version', () => {
  const status = { subjectCode: '8.8.5', reasonCode: '4.10' }
  expect(errorOf(es9plusErrors['2.5'].authenticateClient, status)).toBe('undefinedError')
  expect(errorOf(es9plusErrors['2.7'].authenticateClient, status)).toBe('downloadOrderExpired')
  expect(errorOf(esipaErrors['1.3'].authenticateClient, status)).toBe('downloadOrderExpired')
})

test('a status code that a function does not have is an undefined error', () => {
  expect(errorOf(es9plusErrors['2.5'].cancelSession, { subjectCode: '8.2', reasonCode: '3.10' })).toBe('undefinedError')
})

test('a status code is told in words, an unknown one as it is', () => {
  expect(statusText({ subjectCode: '8.1.1', reasonCode: '3.8' })).toBe('EID: Refused')
  expect(statusText({ subjectCode: '8.1.1', reasonCode: '3.10' })).toBe('EID: Invalid Association')
  expect(statusText({ subjectCode: '9.9', reasonCode: '9.9' })).toBe('9.9: 9.9')
})

test.each([
  [0x9000, 'ok'],
  [0x6a88, 'referencedDataNotFound'],
  [0x610b, '11 more octets can be fetched'],
  [0x6100, '256 more octets can be fetched'],
  [0x6c10, 'wrong Le, 16 octets are there'],
  [0x910b, 'ok, a proactive command of 11 octets waits'],
  [0x63c2, 'not verified, 2 tries left'],
  [0x1234, 'unknown'],
])('status word %i says: %s', (word, text) => {
  expect(statusWordText(word)).toBe(text)
})

test('status words with a number are made and judged', () => {
  expect([moreData(11), moreData(300), wrongLe(256), proactiveCommand(9), triesLeft(3)]).toEqual([
    0x610b, 0x6100, 0x6c00, 0x9109, 0x63c3,
  ])
  expect([statusWords.ok, 0x9109, 0x6a80, 0x9300].map(isSuccess)).toEqual([true, true, false, false])
})

test('an ISD-P is numbered in its AID', () => {
  expect(toHex(isdPAid(0x0011))).toBe('a0000005591010ffffffff8900001100')
  expect(isdPNumber(fromHex('A0000005591010FFFFFFFF8900001100'))).toBe(0x0011)
  expect(isdPNumber(aids.isdR)).toBeUndefined()
  expect(isdPNumber(aids.usim)).toBeUndefined()
  expect(() => isdPAid(0x000f)).toThrow(RangeError)
})
