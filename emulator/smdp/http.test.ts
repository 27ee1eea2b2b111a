import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { certificateToPem, toPem } from '../../certs/index.ts'
import { decode, encode, type Schema, toHex } from '../../protocol/ber/index.ts'
import {
  AuthenticateServerResponse,
  CancelSessionResponse,
  EUICCInfo1,
  PendingNotification,
  PrepareDownloadResponse,
  RemoteProfileProvisioningRequest,
  RemoteProfileProvisioningResponse,
} from '../../protocol/sgp22/index.ts'
import { createHttpClient, listen, type TraceEntry } from '../ports/index.ts'
import {
  ADDRESS,
  authenticateRequest,
  base64,
  call,
  cancelRequest,
  createWorld,
  EID,
  fromBase64,
  type Initiated,
  initiated,
  initiateRequest,
  installationResult,
  type Json,
  notify,
  outcome,
  type Plan,
  packageRequest,
  pki,
  read,
  type World,
} from './testing/world.ts'

const text = (value: string): Uint8Array => new TextEncoder().encode(value)
const jsonOf = (body: Uint8Array): Json => JSON.parse(new TextDecoder().decode(body))
const path = (name: string): string => `/gsma/rsp2/es9plus/${name}`
const good = JSON.stringify(initiateRequest({}))

describe('ES9+ in JSON', () => {
  it('answers with its type, and with the version that the client has named', async () => {
    const { send } = createWorld()
    const versions = ['gsma/rsp/v2.1.0', 'gsma/rsp/v2.5.0', 'gsma/rsp/v2.2.2']
    for (const version of versions) {
      const answer = await send(path('initiateAuthentication'), text(good), { 'x-admin-protocol': version })
      expect(answer.headers).toEqual({
        'content-type': 'application/json;charset=UTF-8',
        'x-admin-protocol': version,
      })
    }
    const silent = await send(path('initiateAuthentication'), text(good), { 'x-admin-protocol': 'x\r\ny' })
    expect(silent.headers['x-admin-protocol']).toBe('gsma/rsp/v2.5.0')
  })

  it('ignores members that it does not know and a query', async () => {
    const body = text(JSON.stringify({ ...initiateRequest({}), header: { functionRequesterIdentifier: 'x' } }))
    const answer = await createWorld().send(`${path('initiateAuthentication')}?a=b`, body)
    expect(outcome(jsonOf(answer.body))).toBe('ok')
  })

  it('reads a transactionId in lower case', async () => {
    const world = createWorld()
    const { matchingId } = world.smdp.orders.create()
    const request = authenticateRequest(
      {},
      initiated(await call(world, 'initiateAuthentication', initiateRequest({}))),
      matchingId,
    )
    const lower = { ...request, transactionId: request.transactionId.toLowerCase() }
    expect(outcome(await call(world, 'authenticateClient', lower))).toBe('ok')
  })

  it.each([
    ['nothing', '', '1.6/2.1'],
    ['no JSON', '<html>', '1.6/2.1'],
    ['an array', '[]', '1.6/2.2'],
    ['null', 'null', '1.6/2.1'],
    ['octets that are no text', '\ud800', '1.6/2.1'],
    ['a missing member', '{}', '1.6/2.2'],
    ['a member that is no string', good.replace(`"${ADDRESS}"`, '1'), '1.6/2.1'],
    ['a member that is not base64', good.replace(/"euiccInfo1":"/, '$&*'), '1.6/2.1'],
    ['a member of other octets', good.replace(/"euiccInfo1":"[^"]*"/, '"euiccInfo1":"BAA="'), '1.6/2.1'],
    [
      'a challenge of 15 octets',
      good.replace(/"euiccChallenge":"[^"]*"/, `"euiccChallenge":"${base64(new Uint8Array(15))}"`),
      '1.6/2.1',
    ],
  ])('answers %s with 400 and a status code', async (_, body, code) => {
    const answer = await createWorld().send(path('initiateAuthentication'), text(body))
    expect(answer.status).toBe(400)
    expect(outcome(jsonOf(answer.body))).toMatch(new RegExp(`^${code.replaceAll('.', '\\.')} `))
  })

  it('answers a transactionId that is none with 400', async () => {
    for (const transactionId of ['', 'x', '0', '00'.repeat(17)]) {
      const body = text(JSON.stringify({ ...cancelRequest({}, '00'), transactionId }))
      expect((await createWorld().send(path('cancelSession'), body)).status).toBe(400)
    }
  })

  it('answers a notification that cannot be read with 400', async () => {
    expect((await notify(createWorld(), { pendingNotification: 'vzcA' })).status).toBe(400)
  })
})

describe('the paths of an SM-DP+', () => {
  it.each(['/', path('nothing'), path('constructor'), '/gsma/rsp2/es9plus/', '/gsma/rsp2/asn1/x', 'constructor'])(
    '%s is not one of them',
    async (wrong) => expect((await createWorld().send(wrong, text(good))).status).toBe(404),
  )

  it('take nothing but POST', async () => {
    const answer = await createWorld().smdp.handle({
      method: 'GET',
      path: path('initiateAuthentication'),
      headers: {},
      body: new Uint8Array(),
    })
    expect([answer.status, answer.headers]).toEqual([405, { allow: 'POST' }])
  })
})

describe('whatever is sent', () => {
  const names = [
    'initiateAuthentication',
    'authenticateClient',
    'getBoundProfilePackage',
    'handleNotification',
    'cancelSession',
  ]

  it('is answered with a status below 500, and no order changes', async () => {
    const world = createWorld()
    const { iccid, matchingId } = world.smdp.orders.create()
    const start = initiated(await call(world, 'initiateAuthentication', initiateRequest({})))
    const signed = authenticateRequest({}, start, matchingId)
    const bodies = [
      good,
      JSON.stringify(signed),
      JSON.stringify(cancelRequest({}, '00')),
      JSON.stringify(installationResult({}, { transactionId: '00', iccid })),
    ]
    const before = world.smdp.orders.get(iccid)
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...names),
        fc.constantFrom(...bodies),
        fc.array(fc.tuple(fc.nat(4000), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        async (name, body, changes) => {
          const octets = text(body)
          for (const [at, octet] of changes) octets[at % octets.length] = octet
          const { status } = await world.send(path(name), octets)
          expect(status).toBeLessThan(500)
        },
      ),
      { numRuns: 300 },
    )
    expect(world.smdp.orders.get(iccid)).toEqual(before)
  })

  it('is answered with a status below 500 when the octets inside are broken', async () => {
    const world = createWorld()
    const { matchingId } = world.smdp.orders.create()
    const start = initiated(await call(world, 'initiateAuthentication', initiateRequest({})))
    const { authenticateServerResponse } = authenticateRequest({}, start, matchingId)
    await fc.assert(
      fc.asyncProperty(fc.nat(2000), fc.nat(255), async (at, octet) => {
        const octets = fromBase64(authenticateServerResponse)
        octets[at % octets.length] = octet
        const request = { transactionId: start.transactionId, authenticateServerResponse: base64(octets) }
        const { status } = await world.send(path('authenticateClient'), text(JSON.stringify(request)))
        expect([200, 400]).toContain(status)
      }),
      { numRuns: 300 },
    )
  })
})

/** Sends what the JSON binding would send, in the other binding. */
function asn1(world: World) {
  const send = async (kind: string, value: unknown): Promise<RemoteProfileProvisioningResponse['value']> => {
    const body = encode(RemoteProfileProvisioningRequest as Schema<unknown>, { kind, value })
    const answer = await world.send('/gsma/rsp2/asn1', body)
    expect(answer.headers['content-type']).toBe('application/x-gsma-rsp-asn1')
    return decode(RemoteProfileProvisioningResponse, answer.body).value
  }
  return {
    initiate: (plan: Plan) => {
      const { euiccChallenge, euiccInfo1, smdpAddress } = initiateRequest(plan)
      return send('initiateAuthenticationRequest', {
        euiccChallenge: fromBase64(euiccChallenge),
        smdpAddress,
        euiccInfo1: read(EUICCInfo1, euiccInfo1),
      })
    },
    authenticate: (plan: Plan, start: Initiated, matchingId: string) => {
      const { transactionId, authenticateServerResponse } = authenticateRequest(plan, start, matchingId)
      const response = read(AuthenticateServerResponse, authenticateServerResponse)
      return send('authenticateClientRequest', { transactionId, authenticateServerResponse: response })
    },
    getPackage: (plan: Plan, client: Json) => {
      const { transactionId, prepareDownloadResponse } = packageRequest(plan, client)
      const response = read(PrepareDownloadResponse, prepareDownloadResponse)
      return send('getBoundProfilePackageRequest', { transactionId, prepareDownloadResponse: response })
    },
    cancel: (plan: Plan, transactionId: string) => {
      const { cancelSessionResponse } = cancelRequest(plan, transactionId)
      const response = read(CancelSessionResponse, cancelSessionResponse)
      return send('cancelSessionRequestEs9', { transactionId, cancelSessionResponse: response })
    },
  }
}

describe('ES9+ in ASN.1', () => {
  async function authenticated() {
    const world = createWorld()
    const { iccid, matchingId } = world.smdp.orders.create({ profile: { fallbackAllowed: true } })
    const client = asn1(world)
    const start = await client.initiate({})
    if (start.kind !== 'initiateAuthenticationOk') throw new Error(start.kind)
    const { transactionId, serverSigned1 } = start.value
    const answer = await client.authenticate({}, { transactionId, serverSigned1: serverSigned1.value }, matchingId)
    if (answer.kind !== 'authenticateClientOk') throw new Error(String(answer.value))
    if (!('smdpSignature2' in answer.value)) throw new Error('an answer of an SM-DS')
    const { smdpSignature2 } = answer.value
    const header = { functionExecutionStatus: { status: '' } }
    const json: Json = {
      header,
      transactionId,
      smdpSignature2: base64(Buffer.concat([Buffer.from('5f3740', 'hex'), smdpSignature2])),
    }
    return { world, client, json, transactionId, iccid }
  }

  it('carries a whole session', async () => {
    const { world, client, json, transactionId, iccid } = await authenticated()
    const answer = await client.getPackage({}, json)
    expect(answer).toMatchObject({ kind: 'getBoundProfilePackageOk', value: { transactionId } })
    const { pendingNotification } = installationResult({}, { transactionId, iccid })
    const body = encode(RemoteProfileProvisioningRequest, {
      kind: 'handleNotification',
      value: { pendingNotification: read(PendingNotification, pendingNotification) },
    })
    expect(await world.send('/gsma/rsp2/asn1', body)).toEqual({
      status: 204,
      headers: { 'x-admin-protocol': 'gsma/rsp/v2.5.0' },
      body: new Uint8Array(),
    })
    expect(world.smdp.orders.get(iccid)?.state).toBe('installed')
  })

  it('keeps in the metadata what SGP.32 has added', async () => {
    const world = createWorld()
    const { matchingId } = world.smdp.orders.create({ profile: { fallbackAllowed: true } })
    const start = initiated(await call(world, 'initiateAuthentication', initiateRequest({})))
    const { transactionId, authenticateServerResponse } = authenticateRequest({}, start, matchingId)
    const response = read(AuthenticateServerResponse, authenticateServerResponse)
    const value = { transactionId, authenticateServerResponse: response }
    const body = encode(RemoteProfileProvisioningRequest, { kind: 'authenticateClientRequest', value })
    expect(toHex((await world.send('/gsma/rsp2/asn1', body)).body)).toContain('9f6701ff')
  })

  it('cancels a session', async () => {
    const { client, transactionId } = await authenticated()
    expect(await client.cancel({}, transactionId)).toEqual({ kind: 'cancelSessionOk', value: {} })
  })

  it.each<[string, () => Promise<unknown>, string, string]>([
    [
      'another address',
      () => asn1(createWorld()).initiate({ smdpAddress: 'x' }),
      'initiateAuthenticationError',
      'invalidDpAddress',
    ],
    [
      'an error of the eUICC',
      async () => {
        const world = createWorld()
        const start = initiated(await call(world, 'initiateAuthentication', initiateRequest({})))
        return asn1(world).authenticate({ euiccError: true }, start, 'T')
      },
      'authenticateClientError',
      'undefinedError',
    ],
    [
      'a wrong signature',
      async () => {
        const { client, json } = await authenticated()
        return client.getPackage({ signatureKey: pki.nist.dpAuth.privateKey }, json)
      },
      'getBoundProfilePackageError',
      'euiccSignatureInvalid',
    ],
    ['an unknown session', () => asn1(createWorld()).cancel({}, '00'), 'cancelSessionError', 'invalidTransactionId'],
  ])('has a number for %s', async (_, ask, kind, value) => expect(await ask()).toEqual({ kind, value }))

  it.each(['', '00', 'a200', 'a203bf3900'])('answers %j with 400', async (body) => {
    const answer = await createWorld().send('/gsma/rsp2/asn1', Buffer.from(body, 'hex'))
    expect([answer.status, answer.body.length]).toEqual([400, 0])
  })
})

describe('behind a socket', () => {
  it('an order and its session run over TLS with the certificate of the SM-DP+', async () => {
    const world = createWorld()
    const listener = await listen({ handle: world.smdp.handle, host: '127.0.0.1', port: 0, tls: toPem(pki.nist.dpTls) })
    const request = createHttpClient({ ca: [certificateToPem(pki.nist.ci.certificate)] })
    const send: World['send'] = (at, body, headers = {}) =>
      request(`https://localhost:${listener.port}${at}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
      })
    const wire = { send }
    const operator = async (name: string, members: object): Promise<Json> => {
      const header = { functionRequesterIdentifier: 'operator', functionCallIdentifier: name }
      const { body } = await send(`/gsma/rsp2/es2plus/${name}`, text(JSON.stringify({ header, ...members })))
      return jsonOf(body)
    }
    const iccid = String((await operator('downloadOrder', { profileType: 'minimal' })).iccid)
    const matchingId = String((await operator('confirmOrder', { iccid, releaseFlag: false })).matchingId)
    expect(outcome(await operator('releaseProfile', { iccid }))).toBe('ok')
    const start = initiated(await call(wire, 'initiateAuthentication', initiateRequest({})))
    const client = await call(wire, 'authenticateClient', authenticateRequest({}, start, matchingId))
    expect(outcome(await call(wire, 'getBoundProfilePackage', packageRequest({}, client)))).toBe('ok')
    const report = installationResult({}, { transactionId: start.transactionId, iccid })
    expect((await notify(wire, report)).status).toBe(204)
    expect(world.smdp.orders.get(iccid)?.state).toBe('installed')
    await listener.close()
  })
})

describe('the trace', () => {
  it('has each message once, with the check that decided', async () => {
    const entries: TraceEntry[] = []
    const world = createWorld({ trace: { record: (entry) => entries.push(entry) } })
    const { iccid } = world.smdp.orders.create()
    const start = initiated(await call(world, 'initiateAuthentication', initiateRequest({})))
    await call(world, 'authenticateClient', authenticateRequest({}, start, 'NO-SUCH'))
    await notify(world, installationResult({}, { transactionId: start.transactionId, iccid }))
    await world.send('/gsma/rsp2/asn1', Uint8Array.of(0))
    const { transactionId } = start
    expect(
      entries.map(({ from, operation, status, eid, correlation }) => [from, operation, status, eid, correlation]),
    ).toEqual([
      ['IPA', 'InitiateAuthentication', undefined, undefined, undefined],
      ['SM-DP+', 'InitiateAuthentication', '200, ok', undefined, { transactionId }],
      ['IPA', 'AuthenticateClient', undefined, undefined, undefined],
      ['SM-DP+', 'AuthenticateClient', '200, matching-id-known', EID, { transactionId }],
      ['IPA', 'HandleNotification', undefined, undefined, undefined],
      ['SM-DP+', 'HandleNotification', '204, unknown', undefined, undefined],
      ['IPA', '/gsma/rsp2/asn1', undefined, undefined, undefined],
      ['SM-DP+', '/gsma/rsp2/asn1', expect.stringMatching(/^400, /), undefined, undefined],
    ])
    expect(entries[0]?.json).toEqual(initiateRequest({}))
  })
})
