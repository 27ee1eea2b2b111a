import { beforeEach, describe, expect, test } from 'vitest'
import { encode, fromHex } from '../../../protocol/ber/index.ts'
import { EuiccPackageResult, PendingNotification } from '../../../protocol/sgp32/index.ts'
import type { HttpMessage } from '../../ports/index.ts'
import { type Bench, createBench, EID, OTHER_EID, told } from '../testing/bench.ts'
import { B, infoA, infoB } from '../testing/profiles.ts'

let bench: Bench
beforeEach(async () => {
  bench = await told(await createBench(), infoA, infoB)
})

const headers = { 'content-type': 'application/json;charset=UTF-8', 'x-admin-protocol': 'gsma/rsp/v2.1.0' }
const base64 = (octets: Uint8Array) => Buffer.from(octets).toString('base64')

async function call(name: string, body: unknown, change: Partial<HttpMessage> = {}) {
  const octets = new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body))
  const answer = await bench.eim.handleEsipa({
    method: 'POST',
    path: `/gsma/rsp2/esipa/${name}`,
    headers,
    body: octets,
    ...change,
  })
  const text = new TextDecoder().decode(answer.body)
  return { status: answer.status, headers: answer.headers, body: text === '' ? undefined : JSON.parse(text) }
}

const executed = { header: { functionExecutionStatus: { status: 'Executed-Success' } } }
const failed = (subjectCode: string, reasonCode: string) => ({
  header: { functionExecutionStatus: { status: 'Failed', statusCodeData: { subjectCode, reasonCode } } },
})

describe('a package over the JSON binding', () => {
  test('is fetched, its result is believed and acknowledged, and both are in the trace as JSON', async () => {
    const ordered = await bench.order({ psmo: [{ enable: { iccid: B } }] })
    const answer = await call('getEimPackage', { eidValue: EID })
    expect(answer).toMatchObject({ status: 200, headers, body: executed })
    // The same octets as in the other binding.
    const request = await bench.fetchPackage()
    const result = bench.card.result(request, [{ kind: 'enableResult', value: 'ok' }])
    bench.trace.length = 0
    const acknowledged = await call('provideEimPackageResult', {
      eidValue: EID,
      eimPackageResult: base64(encode(EuiccPackageResult, result)),
    })
    expect(acknowledged).toMatchObject({ status: 200, body: { ...executed, eimAcknowledgements: 'v1MDgAEC' } })
    expect(await bench.package(ordered)).toMatchObject({ state: 'done', result: { verified: true } })
    const shown = bench.trace.filter((entry) => entry.interface === 'ESipa')
    expect(shown.map(({ operation, json, eid }) => [operation, typeof json, eid])).toEqual([
      ['ProvideEimPackageResult', 'object', EID],
      ['ProvideEimPackageResult', 'object', EID],
    ])
  })

  test('makes its state known with notifyStateChange', async () => {
    const { body } = await call('getEimPackage', {
      eidValue: EID,
      notifyStateChange: true,
      stateChangeCause: 1,
      rPlmn: 'APEQ',
    })
    expect(body).toMatchObject({ ...executed, euiccPackageRequest: expect.any(String) })
  })

  test('with a result that says nothing to forget is answered with the header alone', async () => {
    await bench.order({ psmo: [{ enable: { iccid: B } }] })
    await bench.fetchPackage()
    const eimPackageResult = base64(fromHex('a003 02017f'))
    expect((await call('provideEimPackageResult', { eidValue: EID, eimPackageResult })).body).toEqual(executed)
  })

  test('a notification gets no body', async () => {
    const pendingNotification = base64(encode(PendingNotification, bench.card.notification('notificationEnable', B)))
    expect(await call('handleNotification', { pendingNotification })).toMatchObject({ status: 204, body: undefined })
  })
})

describe('errors of the functions in the JSON binding', () => {
  const transactionId = '01'
  const rows: [string, string, object, [string, string]][] = [
    ['no package', 'getEimPackage', { eidValue: EID }, ['8.1.1', '3.7']],
    ['an unknown EID', 'getEimPackage', { eidValue: OTHER_EID }, ['8.1.1', '3.9']],
    ['an EID that is none', 'getEimPackage', { eidValue: EID.slice(1) }, ['8.1.1', '2.1']],
    ['an EID that is no text', 'getEimPackage', { eidValue: 89 }, ['8.1.1', '2.1']],
    ['no EID', 'getEimPackage', {}, ['8.1.1', '2.2']],
    ['no EID with a result', 'provideEimPackageResult', { eimPackageResult: 'oAMCAX8=' }, ['8.1.1', '2.2']],
    [
      'no session to begin',
      'initiateAuthentication',
      { euiccChallenge: base64(new Uint8Array(16)) },
      ['8.31.2', '3.10'],
    ],
    [
      'no session to cancel',
      'cancelSession',
      { transactionId, cancelSessionResponse: base64(fromHex('bf4103 81017f')) },
      ['8.10.1', '3.9'],
    ],
    [
      'no session to bind in',
      'getBoundProfilePackage',
      { transactionId, prepareDownloadResponse: base64(fromHex('bf2108 a106 800101 02017f')) },
      ['8.10.1', '3.9'],
    ],
  ]
  test.each(rows)('%s', async (_what, name, request, [subjectCode, reasonCode]) => {
    const { status, body } = await call(name, request)
    expect(status).toBe(200)
    expect(body).toMatchObject(failed(subjectCode, reasonCode))
  })
})

describe('a request of the JSON binding that cannot be read', () => {
  const result = 'oAMCAX8='
  const rows: [string, number, string, unknown, Partial<HttpMessage>?][] = [
    ['another method', 405, 'getEimPackage', {}, { method: 'GET' }],
    ['another media type', 415, 'getEimPackage', {}, { headers: { ...headers, 'content-type': 'text/plain' } }],
    ['no X-Admin-Protocol', 400, 'getEimPackage', {}, { headers: { 'content-type': 'application/json' } }],
    ['no JSON', 400, 'getEimPackage', '{'],
    ['a list', 400, 'getEimPackage', '[]'],
    ['a flag that is not true', 400, 'getEimPackage', { eidValue: EID, notifyStateChange: false }],
    ['a cause in words', 400, 'getEimPackage', { eidValue: EID, notifyStateChange: true, stateChangeCause: 'local' }],
    ['no result', 400, 'provideEimPackageResult', { eidValue: EID }],
    ['a result that is not base64', 400, 'provideEimPackageResult', { eidValue: EID, eimPackageResult: `${result}!` }],
    ['a result that is none', 400, 'provideEimPackageResult', { eidValue: EID, eimPackageResult: 'BQA=' }],
    ['two results', 400, 'provideEimPackageResult', { eidValue: EID, eimPackageResult: 'oAMCAX+gAwIBfw==' }],
    ['no notification', 400, 'handleNotification', {}],
    ['a notification of another type', 400, 'handleNotification', { pendingNotification: result }],
    ['a transactionId that is none', 400, 'cancelSession', { transactionId: 'x', cancelSessionResponse: 'v0EDgQF/' }],
    ['another object under a name', 400, 'cancelSession', { transactionId: '01', cancelSessionResponse: result }],
  ]
  test.each(rows)('%s', async (_what, status, name, body, change) => {
    const answer = await call(name, body, change)
    expect(answer).toMatchObject({ status, headers: { 'content-type': headers['content-type'] } })
    expect(answer.body).toMatchObject(failed('1.6', '2.1'))
  })
})
