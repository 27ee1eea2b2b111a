import { beforeEach, describe, expect, test } from 'vitest'
import { decode, encode, fromHex } from '../../protocol/ber/index.ts'
import {
  EsipaMessageFromEimToIpa,
  type EsipaMessageFromIpaToEim,
  PendingNotification,
} from '../../protocol/sgp32/index.ts'
import type { HttpMessage } from '../ports/index.ts'
import { type Bench, createBench, EID, OTHER_EID, told } from './testing/bench.ts'
import { installed } from './testing/card.ts'

const A = '8944058925001234561'
const B = '8944058925001234579'

let bench: Bench
let sent: { url: string; body: unknown }[]
beforeEach(async () => {
  sent = []
  bench = await told(
    await createBench({
      es9plus: async (url, { body }) => {
        sent.push({ url, body: JSON.parse(new TextDecoder().decode(body)) })
        return { status: 204, headers: {}, body: new Uint8Array() }
      },
    }),
    { iccid: A, profileState: 'enabled' },
    { iccid: B, profileState: 'disabled' },
  )
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
    ['another path', 404, { path: '/gsma/rsp2/esipa/getEimPackage' }],
    ['another method', 405, { method: 'GET' }],
    ['another media type', 415, { headers: { ...good.headers, 'content-type': 'application/json' } }],
    ['no media type', 415, { headers: { 'x-admin-protocol': 'gsma/rsp/v2.1.0' } }],
    ['no X-Admin-Protocol', 400, { headers: { 'content-type': 'application/x-gsma-rsp-asn1' } }],
    ['another protocol', 400, { headers: { ...good.headers, 'x-admin-protocol': 'http/1' } }],
    ['no body', 400, { body: new Uint8Array() }],
    ['a truncated body', 400, { body: good.body.subarray(0, 9) }],
    ['more than one message', 400, { body: fromHex(`bf4f12 5a10 ${EID} 00`) }],
    ['an unknown function', 400, { body: fromHex('bf7f00') }],
    ['a message of the other direction', 400, { body: fromHex('bf5003020101') }],
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
    [{ kind: 'initiateAuthenticationRequestEsipa', value: { euiccChallenge: new Uint8Array(16) } }, 'undefinedError'],
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

describe('notifications', () => {
  const handle = (pending: PendingNotification) =>
    bench.send({ kind: 'handleNotificationEsipa', value: { kind: 'pendingNotification', value: pending } })
  const forwarded = (pending: PendingNotification) => ({
    url: 'https://smdp.example.com/gsma/rsp2/es9plus/handleNotification',
    body: { pendingNotification: Buffer.from(encode(PendingNotification, pending)).toString('base64') },
  })

  test('beside a package result are acknowledged and forwarded to their SM-DP+', async () => {
    await bench.order({ psmo: [{ enable: { iccid: B } }] })
    const request = await bench.fetchPackage()
    const euiccPackageResult = bench.card.result(request, [{ kind: 'enableResult', value: 'ok' }], { seqNumber: 10 })
    const notificationList = [
      bench.card.notification('notificationEnable', B, { seqNumber: 12 }),
      bench.card.notification('notificationDisable', A, { seqNumber: 11 }),
    ]
    const answer = await bench.provide({
      kind: 'ePRAndNotifications',
      value: { euiccPackageResult, notificationList },
    })
    expect(answer).toEqual({ kind: 'eimAcknowledgements', value: [10, 11, 12] })
    expect(sent).toEqual([forwarded(notificationList[1] as never), forwarded(notificationList[0] as never)])
    expect((await bench.euicc()).profiles).toMatchObject([{ state: 'disabled' }, { state: 'enabled' }])
  })

  test('tell of what the eIM did not order', async () => {
    const pending = bench.card.notification('notificationDelete', B, { seqNumber: 11 })
    expect(await handle(pending)).toMatchObject({ status: 204, answer: undefined })
    expect((await bench.euicc()).profiles).toMatchObject([{ iccid: A }])
    expect(sent).toEqual([forwarded(pending)])
  })

  test('that are older than the inventory do not change it', async () => {
    await handle(bench.card.notification('notificationDelete', A, { seqNumber: 11 }))
    await handle(bench.card.notification('notificationDelete', B, { seqNumber: 10 }))
    expect((await bench.euicc()).profiles).toMatchObject([{ iccid: B }])
  })

  test('a package result that comes behind a newer notification does not undo it: the eUICC is asked', async () => {
    const ordered = await bench.order({ psmo: [{ enable: { iccid: B } }] })
    const request = await bench.fetchPackage()
    const result = bench.card.result(request, [{ kind: 'enableResult', value: 'ok' }], { seqNumber: 10 })
    await handle(bench.card.notification('notificationDisable', B, { seqNumber: 13 }))
    await bench.provide({ kind: 'euiccPackageResult', value: result })
    expect((await bench.package(ordered)).state).toBe('delivered')
    expect((await bench.euicc()).profiles).toMatchObject([{ state: 'enabled' }, { state: 'disabled' }])
  })

  test('an installation reported before the result of its download counts once', async () => {
    const ordered = await bench.order({ download: { activationCode: '1$smdp.example.com$' } })
    await bench.poll()
    const pir = bench.card.installation(installed, { iccid: A, seqNumber: 20 })
    expect((await handle({ kind: 'profileInstallationResult', value: pir })).status).toBe(204)
    const answer = await bench.provide({
      kind: 'profileDownloadTriggerResult',
      value: {
        eimTransactionId: ordered.eimTransactionId,
        profileDownloadTriggerResultData: { kind: 'profileInstallationResult', value: pir },
      },
    })
    expect(answer).toEqual({ kind: 'eimAcknowledgements', value: [20] })
    expect(sent).toHaveLength(1)
  })

  test.each([
    [
      'with a wrong signature',
      'euicc-signature',
      () => {
        const pending = bench.card.notification('notificationDelete', B)
        if (pending.kind === 'otherSignedNotification') pending.value.euiccNotificationSignature.fill(1)
        return pending
      },
    ],
    [
      'of an eUICC that is not known',
      'eid',
      () => {
        const pending = bench.card.notification('notificationDelete', B)
        if (pending.kind !== 'otherSignedNotification') throw new Error('not signed')
        return { ...pending, value: { ...pending.value, euiccCertificate: pending.value.eumCertificate } }
      },
    ],
    [
      'in a compact form',
      'not-asked',
      () => {
        const pending = bench.card.notification('notificationDelete', B)
        if (pending.kind !== 'otherSignedNotification') throw new Error('not signed')
        const { tbsOtherNotification, euiccNotificationSignature } = pending.value
        return {
          kind: 'compactOtherSignedNotification',
          value: { eidValue: EID, tbsOtherNotification, euiccNotificationSignature },
        } as const
      },
    ],
  ] as [string, string, () => PendingNotification][])(
    '%s are neither believed nor forwarded',
    async (_what, why, make) => {
      const before = await bench.euicc()
      expect((await handle(make())).status).toBe(204)
      expect(bench.trace.at(-2)?.status).toBe(`not believed: ${why}`)
      expect(sent).toEqual([])
      expect(await bench.euicc()).toEqual(before)
    },
  )

  test('may carry the result of a package', async () => {
    const ordered = await bench.order({ psmo: [{ enable: { iccid: B } }] })
    const value = bench.card.result(await bench.fetchPackage(), [{ kind: 'enableResult', value: 'ok' }])
    const provided = { eidValue: EID, eimPackageResult: { kind: 'euiccPackageResult', value } } as const
    const answer = await bench.send({
      kind: 'handleNotificationEsipa',
      value: { kind: 'provideEimPackageResult', value: provided },
    })
    expect(answer).toMatchObject({ status: 204, answer: undefined })
    expect((await bench.package(ordered)).state).toBe('done')
  })

  test('that cannot be forwarded show so in the trace', async () => {
    const away = await told(await createBench({ es9plus: () => Promise.reject(new Error('no answer')) }), { iccid: B })
    const pending = away.card.notification('notificationDelete', B)
    await away.send({ kind: 'handleNotificationEsipa', value: { kind: 'pendingNotification', value: pending } })
    expect(away.trace).toContainEqual(expect.objectContaining({ interface: 'ES9+', status: 'no answer' }))
  })
})

test('where the IPAs record ESipa, only what was not believed is recorded here', async () => {
  const quiet = await told(await createBench({ settings: { ipasRecordEsipa: true } }))
  expect(quiet.trace.filter((entry) => entry.interface === 'ESipa')).toEqual([])
  await quiet.order({ psmo: [{ getRAT: {} }] })
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
    },
  ])
})
