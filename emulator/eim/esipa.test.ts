import { beforeEach, describe, expect, test } from 'vitest'
import { decode, encode, fromHex } from '../../protocol/ber/index.ts'
import { EsipaMessageFromEimToIpa, EsipaMessageFromIpaToEim } from '../../protocol/sgp32/index.ts'
import type { HttpMessage } from '../ports/index.ts'
import { type Bench, createBench, EID, OTHER_EID, told } from './testing/bench.ts'
import { B, infoA, infoB } from './testing/profiles.ts'

let bench: Bench
beforeEach(async () => {
  bench = await told(await createBench(), infoA, infoB)
})

const good: HttpMessage = {
  method: 'POST',
  path: '/gsma/rsp2/asn1',
  headers: { 'content-type': 'application/x-gsma-rsp-asn1', 'x-admin-protocol': 'gsma/rsp/v2.1.0' },
  body: fromHex(`bf4f12 5a10 ${EID}`),
}

describe('ESipa over HTTP', () => {
  test('answers in its media type and names the version', async () => {
    expect(await bench.eim.handleEsipa(good)).toEqual({
      status: 200,
      headers: { 'content-type': 'application/x-gsma-rsp-asn1', 'x-admin-protocol': 'gsma/rsp/v2.1.0' },
      body: fromHex('bf4f03 020101'),
    })
  })

  test.each([
    ['a version of SGP.32 v1.3', { ...good.headers, 'x-admin-protocol': 'gsma/rsp/v1.3.0' }],
    ['a media type with parameters', { ...good.headers, 'content-type': 'Application/X-GSMA-RSP-ASN1; v=1' }],
  ])('accepts %s', async (_what, headers) => {
    expect((await bench.eim.handleEsipa({ ...good, headers })).status).toBe(200)
  })

  const refusals: [string, number, Partial<HttpMessage>][] = [
    ['another path', 404, { path: '/gsma/rsp2/esipa/transferEimPackage' }],
    ['another method', 405, { method: 'GET' }],
    ['another media type', 415, { headers: { ...good.headers, 'content-type': 'application/json' } }],
    ['no media type', 415, { headers: { 'x-admin-protocol': 'gsma/rsp/v2.1.0' } }],
    ['no X-Admin-Protocol', 400, { headers: { 'content-type': 'application/x-gsma-rsp-asn1' } }],
    ['another protocol', 400, { headers: { ...good.headers, 'x-admin-protocol': 'http/1' } }],
    ['no body', 400, { body: new Uint8Array() }],
    ['a truncated body', 400, { body: good.body.subarray(0, 9) }],
    ['more than one message', 400, { body: fromHex(`bf4f12 5a10 ${EID} 00`) }],
    ['an unknown function', 400, { body: fromHex('bf7f00') }],
    ['a message of the other direction', 400, { body: fromHex('bf3903810101') }],
    ['an answer to nothing', 400, { body: fromHex('bf4e020500') }],
  ]
  test.each(refusals)(
    'refuses %s with %i, shows it in the trace and changes nothing',
    async (_what, status, change) => {
      const before = await bench.euicc()
      bench.trace.length = 0
      expect((await bench.eim.handleEsipa({ ...good, ...change })).status).toBe(status)
      expect(bench.trace.map((entry) => entry.status)).toEqual([undefined, `${status}`])
      expect(await bench.euicc()).toEqual(before)
    },
  )

  test('refuses a message of SGP.32 v1.0.x with 400, and says in answer and trace that it is one', async () => {
    bench.trace.length = 0
    const { status, body } = await bench.eim.handleEsipa({ ...good, body: fromHex('bf5006bf5203810101') })
    const text = 'peer speaks SGP.32 v1.0.x, this side SGP.32 v1.2'
    expect([status, new TextDecoder().decode(body)]).toEqual([400, text])
    expect(bench.trace.map((entry) => entry.status)).toContain(text)
  })

  test('answers no garbage with a server error', async () => {
    const random = (seed: number) => (seed * 1103515245 + 12345) % 2147483648
    let state = 1
    for (let i = 0; i < 500; i++) {
      const body = good.body.slice()
      for (let flips = 0; flips < 3; flips++) {
        state = random(state)
        body[state % body.length] = (state >> 8) & 0xff
      }
      const { status } = await bench.eim.handleEsipa({ ...good, body })
      expect([200, 204, 400]).toContain(status)
    }
  })
})

test('a result with a bit of any octet flipped is not believed', async () => {
  const ordered = await bench.order({ psmo: [{ enable: { iccid: B } }] })
  const before = (await bench.euicc()).profiles
  const value = bench.card.result(await bench.fetchPackage(), [{ kind: 'enableResult', value: 'ok' }])
  const body = encode(EsipaMessageFromIpaToEim, {
    kind: 'provideEimPackageResult',
    value: { eidValue: EID, eimPackageResult: { kind: 'euiccPackageResult', value } },
  })
  for (const [i, octet] of body.entries()) {
    const forged = body.with(i, octet ^ (1 << (i % 8)))
    expect([200, 400]).toContain((await bench.post(forged)).status)
    expect((await bench.package(ordered)).state).toBe('delivered')
  }
  expect((await bench.euicc()).profiles).toEqual(before)
  await bench.post(body)
  expect((await bench.package(ordered)).state).toBe('done')
})

describe('an EID', () => {
  const error = async (body: string) =>
    (decode(EsipaMessageFromEimToIpa, (await bench.post(fromHex(body))).body).value as { value: unknown }).value

  test('that is unknown, malformed or missing is answered with the error of the function', async () => {
    expect(await error(`bf4f12 5a10 ${OTHER_EID}`)).toBe('eidNotFound')
    expect(await error(`bf4f11 5a0f ${EID.slice(2)}`)).toBe('invalidEid')
    expect(await error(`bf4f12 5a10 ${EID.slice(2)}fa`)).toBe('invalidEid')
    expect(await error('bf4f00')).toBe('missingEid')
    expect(await error('bf4f028000')).toBe('missingEid')
    expect(await error(`bf5019 5a0f ${EID.slice(2)} a006 800101 02017f`)).toBe('invalidEid')
    expect(await error(`bf501a 5a10 ${EID.slice(2)}fa a006 800101 02017f`)).toBe('invalidEid')
  })
})

describe('functions of indirect download', () => {
  const compactOk = {
    signedData: { kind: 'compactEuiccSigned1', value: { extCardResource: new Uint8Array(1) } },
    euiccSignature1: new Uint8Array(64),
  } as const
  const requests: [EsipaMessageFromIpaToEim, string][] = [
    [
      { kind: 'initiateAuthenticationRequestEsipa', value: { euiccChallenge: new Uint8Array(16) } },
      'invalidEimTransactionId',
    ],
    [
      {
        kind: 'authenticateClientRequestEsipa',
        value: {
          transactionId: '01',
          authenticateServerResponse: { kind: 'compactAuthenticateResponseOk', value: compactOk },
        },
      },
      'invalidTransactionId',
    ],
    [
      {
        kind: 'getBoundProfilePackageRequestEsipa',
        value: {
          transactionId: '01',
          prepareDownloadResponse: {
            kind: 'downloadResponseError',
            value: { transactionId: '01', downloadErrorCode: 'undefinedError' },
          },
        },
      },
      'invalidTransactionId',
    ],
    [
      {
        kind: 'cancelSessionRequestEsipa',
        value: {
          transactionId: '01',
          cancelSessionResponse: { kind: 'cancelSessionResponseError', value: 'undefinedError' },
        },
      },
      'invalidTransactionId',
    ],
  ]
  test.each(requests)('$kind is answered with its error', async (request, error) => {
    expect((await bench.send(request)).answer?.value).toMatchObject({ value: error })
  })
})

test('where the IPAs record ESipa, only what was not believed is recorded here', async () => {
  const quiet = await told(await createBench({ settings: { ipasRecordEsipa: true } }))
  expect(quiet.trace.filter((entry) => entry.interface === 'ESipa')).toEqual([])
  const ordered = await quiet.order({ psmo: [{ getRAT: {} }] })
  const value = quiet.card.unsigned(await quiet.fetchPackage())
  await quiet.provide({ kind: 'euiccPackageResult', value })
  expect(quiet.trace.filter((entry) => entry.interface === 'ESipa')).toEqual([
    {
      interface: 'ESipa',
      from: 'eIM',
      to: 'eIM',
      operation: 'ProvideEimPackageResult',
      status: 'not believed: unsigned',
      eid: EID,
      correlation: { eimTransactionId: ordered.eimTransactionId },
    },
  ])
})
