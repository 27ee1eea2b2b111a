import { expect, test } from 'vitest'
import { encode, fromHex } from '../../../protocol/ber/index.ts'
import { ServerSigned1, Signature, SubjectKeyIdentifier } from '../../../protocol/sgp22/index.ts'
import type { HttpAnswer, HttpMessage, TraceEntry } from '../../ports/index.ts'
import { failure } from '../answer.ts'
import { createEs9Plus, toBase64 } from './es9plus.ts'

const executed = { functionExecutionStatus: { status: 'Executed-Success' } }
const signed = encode(ServerSigned1, {
  transactionId: 'AB01',
  euiccChallenge: new Uint8Array(16),
  serverAddress: 'smdp.test',
  serverChallenge: new Uint8Array(16),
})
const initiated = {
  header: executed,
  transactionId: 'ab01',
  serverSigned1: toBase64(signed),
  serverSignature1: toBase64(encode(Signature, new Uint8Array(64))),
  euiccCiPKIdToBeUsed: toBase64(encode(SubjectKeyIdentifier, fromHex('0102'))),
  serverCertificate: toBase64(fromHex('3003020101')),
}

/** An SM-DP+ that gives one answer. */
function es9(answer: unknown, status = 200) {
  const sent: [string, Omit<HttpMessage, 'path'>][] = []
  const recorded: TraceEntry[] = []
  const body = typeof answer === 'string' ? answer : JSON.stringify(answer)
  const http: HttpAnswer = { status, headers: {}, body: new TextEncoder().encode(body) }
  const client = createEs9Plus({
    send: async (_hop, url, message) => {
      sent.push([url, message])
      return http
    },
    trace: { record: (entry) => recorded.push(entry) },
    peer: { interface: 'ES9+', name: 'SM-DP+' },
    adminProtocol: 'gsma/rsp/v2.5.0',
  })
  return { client, sent, recorded }
}

test('a function is called by POST with its JSON and its answer is read to octets', async () => {
  const { client, sent } = es9(initiated)
  const answer = await client.call('initiateAuthentication', 'smdp.test:8444', { smdpAddress: 'smdp.test:8444' })
  expect(answer).toMatchObject({
    kind: 'answer',
    value: {
      transactionId: 'AB01',
      serverSigned1: { octets: signed, value: { serverAddress: 'smdp.test' } },
      euiccCiPKIdToBeUsed: fromHex('0102'),
      serverCertificate: fromHex('3003020101'),
    },
  })
  const [url, message] = sent[0] ?? []
  expect(url).toBe('https://smdp.test:8444/gsma/rsp2/es9plus/initiateAuthentication')
  expect(message?.headers).toMatchObject({ 'user-agent': 'gsma-rsp-lpad', 'x-admin-protocol': 'gsma/rsp/v2.5.0' })
  expect(new TextDecoder().decode(message?.body)).toBe('{"smdpAddress":"smdp.test:8444"}')
})

test('request and answer are recorded once each', async () => {
  const { client, recorded } = es9(initiated)
  await client.call('initiateAuthentication', 'smdp.test', { smdpAddress: 'smdp.test' })
  expect(recorded).toEqual([
    {
      interface: 'ES9+',
      from: 'IPA',
      to: 'SM-DP+',
      operation: 'InitiateAuthentication',
      json: { smdpAddress: 'smdp.test' },
    },
    {
      interface: 'ES9+',
      from: 'SM-DP+',
      to: 'IPA',
      operation: 'InitiateAuthentication',
      status: '200',
      json: initiated,
    },
  ])
})

test('an error of the SM-DP+ is a refusal with its codes, and the answer is kept', async () => {
  const status = { status: 'Failed', statusCodeData: { subjectCode: '8.2.6', reasonCode: '3.8' } }
  const json = { header: { functionExecutionStatus: status } }
  expect(await es9(json).client.call('authenticateClient', 'smdp.test', {})).toEqual({
    kind: 'failure',
    hop: 'ES9+',
    reason: 'refused',
    detail: '8.2.6/3.8',
    octets: new TextEncoder().encode(JSON.stringify(json)),
  })
})

test.each([
  ['another HTTP status', '', 500, failure('ES9+', 'refused', 'HTTP 500')],
  ['no JSON', '<html>', 200, failure('ES9+', 'undecodable', 'no functionExecutionStatus')],
  ['no header', { transactionId: 'ab' }, 200, failure('ES9+', 'undecodable', 'no functionExecutionStatus')],
  [
    'a missing member',
    { header: executed },
    200,
    failure('ES9+', 'undecodable', 'transactionId: Not hexadecimal: undefined'),
  ],
  [
    'a member that is not base64',
    { ...initiated, serverSigned1: '*' },
    200,
    failure('ES9+', 'undecodable', 'serverSigned1: not base64'),
  ],
] as const)('%s is no answer', async (_name, answer, status, expected) => {
  expect(await es9(answer, status).client.call('initiateAuthentication', 'smdp.test', {})).toEqual(expected)
})

test('a member with octets of another type is named with the place', async () => {
  const answer = await es9({ ...initiated, serverSigned1: 'MAA=' }).client.call(
    'initiateAuthentication',
    'smdp.test',
    {},
  )
  expect(answer).toMatchObject({
    reason: 'undecodable',
    detail: expect.stringMatching(/^serverSigned1: ServerSigned1/),
  })
})

test('a call that never got through is passed on as it is', async () => {
  const unreachable = failure('ES9+', 'unreachable', 'connection refused')
  const recorded: TraceEntry[] = []
  const client = createEs9Plus({
    send: async () => unreachable,
    trace: { record: (entry) => recorded.push(entry) },
    peer: { interface: 'ES9+', name: 'SM-DP+' },
    adminProtocol: '',
  })
  expect(await client.call('cancelSession', 'smdp.test', {})).toBe(unreachable)
  expect(await client.handleNotification('smdp.test', fromHex('bf3700'))).toBe(unreachable)
  expect(recorded[1]).toMatchObject({ from: 'SM-DP+', status: 'connection refused' })
})

test.each([
  [204, undefined],
  [200, undefined],
  [404, failure('ES9+', 'refused', 'HTTP 404')],
] as const)('a notification answered with HTTP %i', async (status, expected) => {
  const { client, sent } = es9('', status)
  expect(await client.handleNotification('smdp.test', fromHex('bf3700'))).toEqual(expected)
  expect(sent[0]?.[0]).toBe('https://smdp.test/gsma/rsp2/es9plus/handleNotification')
  expect(new TextDecoder().decode(sent[0]?.[1].body)).toBe('{"pendingNotification":"vzcA"}')
})
