import { expect, test } from 'vitest'
import { decode, fromHex } from '../../../protocol/ber/index.ts'
import { EsipaMessageFromIpaToEim, esipaRequestFromJson, esipaResponseToJson } from '../../../protocol/sgp32/index.ts'
import type { HttpClient, TraceEntry } from '../../ports/index.ts'
import type { Eim } from '../eim.ts'
import { eid, otherNotification } from '../testing/messages.ts'
import { createEsipa } from './esipa.ts'

const eim: Eim = { eimId: 'eim.test', fqdn: 'eim.test:8443' }
const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))

/** An IPA that speaks JSON with its eIM, which answers with a body. */
function speaking(body: Uint8Array, status = 200) {
  const trace: TraceEntry[] = []
  const asked: { url: string; contentType: string | undefined; kind: string }[] = []
  const http: HttpClient = async (url, message) => {
    const name = url.split('/').at(-1) as 'getEimPackage'
    const read = esipaRequestFromJson(name, JSON.parse(new TextDecoder().decode(message.body)))
    const { kind } = decode(EsipaMessageFromIpaToEim, read)
    asked.push({ url, contentType: message.headers['content-type'], kind })
    return { status, headers: {}, body }
  }
  const esipa = createEsipa({
    specificationOf: () => '1.2',
    send: (_hop, url, message) => http(url, message),
    trace: { record: (entry) => void trace.push(entry) },
    adminProtocol: 'gsma/rsp/v2.1.0',
    bindings: { 'eim.test': 'json' },
  })
  return { esipa, trace, asked }
}

const answered = (name: 'getEimPackage' | 'provideEimPackageResult', message: string) =>
  json(esipaResponseToJson(name, fromHex(message)))

test('the function is in the path, the answer is read as that of the other binding, the trace shows JSON', async () => {
  const { esipa, asked, trace } = speaking(answered('getEimPackage', 'bf4f09 bf5406 8204 01020304'))
  expect(await esipa.getEimPackage(eim, eid)).toMatchObject({
    kind: 'answer',
    value: { kind: 'profileDownloadTriggerRequest', eimTransactionId: '01020304' },
  })
  expect(asked).toEqual([
    {
      url: 'https://eim.test:8443/gsma/rsp2/esipa/getEimPackage',
      contentType: 'application/json;charset=UTF-8',
      kind: 'getEimPackageRequest',
    },
  ])
  expect(trace).toMatchObject([
    { operation: 'GetEimPackage', json: { eidValue: eid } },
    { status: '200', json: { header: {} }, correlation: { eimTransactionId: '01020304' } },
  ])
})

test('an eIM that is not named is spoken to in ASN.1', async () => {
  const { esipa } = speaking(new Uint8Array())
  await expect(esipa.getEimPackage({ ...eim, eimId: 'other' }, eid)).rejects.toThrow(SyntaxError)
})

test('no package, and an error', async () => {
  const none = speaking(answered('getEimPackage', 'bf4f03 020101'))
  expect(await none.esipa.getEimPackage(eim, eid)).toMatchObject({ kind: 'answer', value: undefined })
  const unknown = speaking(answered('getEimPackage', 'bf4f03 020102'))
  expect(await unknown.esipa.getEimPackage(eim, eid)).toMatchObject({ reason: 'refused', detail: 'eidNotFound' })
})

test.each<[string, Uint8Array]>([
  ['a header alone', answered('provideEimPackageResult', 'bf5002 3000')],
  ['no body', new Uint8Array()],
])('%s acknowledges nothing', async (_what, body) => {
  const eimPackageResult = fromHex('a003 02017f')
  const { esipa } = speaking(body)
  expect(await esipa.provideEimPackageResult(eim, { eidValue: eid, eimPackageResult })).toMatchObject({
    value: { kind: 'emptyResponse' },
  })
})

test.each<[string, Uint8Array]>([
  ['no JSON', new Uint8Array([1])],
  ['JSON that is no object', json(null)],
  ['no header', json({})],
  ['neither package nor error', answered('provideEimPackageResult', 'bf5002 3000')],
])('an answer with %s cannot be read', async (_what, body) => {
  expect(await speaking(body).esipa.getEimPackage(eim, eid)).toMatchObject({ kind: 'failure', reason: 'undecodable' })
})

test.each([
  [200, undefined],
  [204, undefined],
  [400, { reason: 'refused', detail: 'HTTP 400' }],
])('a notification that is answered with %i', async (status, failure) => {
  const { esipa } = speaking(json({}), status)
  const failed = await esipa.handleNotification(eim, otherNotification(1))
  expect(failed).toEqual(failure && expect.objectContaining(failure))
})
