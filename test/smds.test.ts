import { describe, expect, it } from 'vitest'
import { certificateToPem, toPem } from '../certs/index.ts'
import { createHttpClient, listen } from '../emulator/ports/index.ts'
import { expiredEuicc, expiredEum, forged } from '../emulator/smdp/testing/certificates.ts'
import {
  authenticateRequest,
  call,
  countingRandom,
  createWorld,
  EID,
  euiccOf,
  foreignPki,
  initiated,
  initiateRequest,
  type Json,
  keyIdOf,
  NOW,
  outcome,
  type Plan,
  pki,
  read,
  type World,
} from '../emulator/smdp/testing/world.ts'
import { createSmds, type SmdsOptions } from '../emulator/smds/index.ts'
import { decode, encode, fromHex, type Schema } from '../protocol/ber/index.ts'
import { generatePrivateKey } from '../protocol/crypto/index.ts'
import {
  AuthenticateServerResponse,
  EUICCInfo1,
  RemoteProfileProvisioningRequest,
  RemoteProfileProvisioningResponse,
} from '../protocol/sgp22/index.ts'

const ADDRESS = 'smds.test:8447'
const text = (json: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(json))
const jsonOf = (body: Uint8Array): Json => JSON.parse(new TextDecoder().decode(body))

const identities: SmdsOptions['identities'] = [pki.nist, pki.brainpool].map(({ ci, dsAuth }) => {
  if (!dsAuth) throw new Error('the test PKI has an SM-DS')
  return { ci, dsAuth }
})

function createDs(address = ADDRESS) {
  let now = NOW
  const smds = createSmds({ identities, address, clock: { now: () => now }, random: countingRandom() })
  const send: World['send'] = (path, body, headers = {}) => smds.handle({ method: 'POST', path, headers, body })
  return { smds, send, advance: (ms: number) => (now += ms) }
}
type Ds = ReturnType<typeof createDs>

async function es12(ds: Pick<Ds, 'send'>, name: string, request: object, requester = '2.999.10'): Promise<Json> {
  const header = { functionRequesterIdentifier: requester, functionCallIdentifier: 'call' }
  const { status, body } = await ds.send(`/gsma/rsp2/es12/${name}`, text({ header, ...request }))
  expect(status).toBe(200)
  return jsonOf(body)
}

const event = { eid: EID, eventId: 'EVENT-1', rspServerAddress: 'smdp.test', forwardingIndicator: false }

const begin = async (ds: Pick<Ds, 'send'>, plan: Plan = {}) =>
  call(ds, 'initiateAuthentication', initiateRequest({ smdpAddress: ADDRESS, ...plan }))

async function ask(plan: Plan = {}, ds: Ds = createDs()): Promise<Json> {
  const start = initiated(await begin(ds))
  return call(ds, 'authenticateClient', authenticateRequest(plan, start, ''))
}

describe('ES12', () => {
  it('keeps an event until who registered it deletes it', async () => {
    const ds = createDs()
    expect(outcome(await es12(ds, 'registerEvent', event))).toBe('ok')
    expect(ds.smds.events()).toMatchObject([{ eid: EID, eventId: 'EVENT-1', rspServerAddress: 'smdp.test' }])
    expect(outcome(await es12(ds, 'registerEvent', event))).toBe('8.9.5/3.3 event-new')
    expect(outcome(await es12(ds, 'deleteEvent', event, 'another'))).toBe('8.9.5/3.9 event-of-the-requester')
    expect(outcome(await es12(ds, 'deleteEvent', event))).toBe('ok')
    expect(outcome(await es12(ds, 'deleteEvent', event))).toBe('8.9.5/3.9 event-of-the-requester')
    expect(ds.smds.events()).toEqual([])
  })

  it.each([
    ['no EID', { ...event, eid: '1' }],
    ['no address', { ...event, rspServerAddress: '' }],
    ['no eventId', { ...event, eventId: '' }],
    ['no forwardingIndicator', { eid: EID, eventId: 'E', rspServerAddress: 'x' }],
  ])('answers %s with 400', async (_, request) => {
    const header = { functionRequesterIdentifier: 'x', functionCallIdentifier: 'x' }
    expect((await createDs().send('/gsma/rsp2/es12/registerEvent', text({ header, ...request }))).status).toBe(400)
  })
})

/** In the order of the checks. */
const beginRows: readonly (readonly [Plan, string])[] = [
  [{ smdpAddress: 'another' }, '8.9.1/3.8 address-own'],
  [{ svn: '3.0.0' }, '8.9.3/3.1 svn-supported'],
  [{ signing: [keyIdOf(foreignPki.nist.ci.certificate)] }, '8.9.2/3.1 signing-ci-shared'],
  [{ verification: [] }, '8.9.4/3.7 verification-ci-shared'],
]

const askRows: readonly (readonly [Plan, string])[] = [
  [{ transactionId: '00' }, '8.10.1/3.9 transaction-known'],
  [{ euiccError: true }, '8.1/4.2 euicc-agrees'],
  [{ eumCertificate: foreignPki.nist.eum.certificate }, '8.11.1/3.9 eum-issued-by-the-ci'],
  [{ eumCertificate: expiredEum }, '8.1.2/6.3 eum-certificate-not-expired'],
  [{ eumCertificate: forged(pki.nist.eum.certificate) }, '8.1.2/6.1 eum-certificate-valid'],
  [{ euiccCertificate: expiredEuicc(euiccOf({}).certificate) }, '8.1.3/6.3 euicc-certificate-not-expired'],
  [{ euiccCertificate: forged(euiccOf({}).certificate) }, '8.1.3/6.1 euicc-certificate-valid'],
  [{ signatureKey: generatePrivateKey('nist') }, '8.1/6.1 euicc-signature-valid'],
  [{ signed1: { transactionId: '00' } }, '8.10.1/3.9 transaction-signed'],
  [{ signed1: { serverChallenge: new Uint8Array(16) } }, '8.1/6.1 server-challenge-signed'],
  [{ matchingId: 'NO-SUCH' }, '8.9.5/3.9 event-known'],
]

/** Each with what comes after it, where both can be wrong at once. */
const pairsOf = (rows: readonly (readonly [Plan, string])[]) =>
  rows.slice(1).flatMap(([second], i) => {
    const [first, refusal] = rows[i] ?? [{}, '']
    const clash = Object.keys(first).some((part) => part in second)
    return clash ? [] : [[{ ...second, ...first }, refusal] as const]
  })

describe('ES11', () => {
  it.each([...beginRows, ...pairsOf(beginRows)])('InitiateAuthentication refuses %o: %s', async (plan, refusal) => {
    expect(outcome(await begin(createDs(), plan))).toBe(refusal)
  })

  it.each([...askRows, ...pairsOf(askRows)])('AuthenticateClient refuses %o: %s', async (plan, refusal) => {
    expect(outcome(await ask(plan))).toBe(refusal)
  })

  it('tells an eUICC its own events: all of them, the one it asks for, or none', async () => {
    const ds = createDs()
    for (const eventId of ['EVENT-1', 'EVENT-2']) await es12(ds, 'registerEvent', { ...event, eventId })
    const entry = (eventId: string) => ({ eventId, rspServerAddress: 'smdp.test' })
    expect((await ask({}, ds)).eventEntries).toEqual([entry('EVENT-1'), entry('EVENT-2')])
    expect((await ask({ matchingId: 'EVENT-2' }, ds)).eventEntries).toEqual([entry('EVENT-2')])
    expect((await ask({ eid: '89049032123451234512345678901300' }, ds)).eventEntries).toEqual([])
  })

  it('forgets a session that was answered or is too old', async () => {
    const ds = createDs()
    const start = initiated(await begin(ds))
    const request = authenticateRequest({}, start, '')
    expect(outcome(await call(ds, 'authenticateClient', request))).toBe('ok')
    expect(outcome(await call(ds, 'authenticateClient', request))).toBe('8.10.1/3.9 transaction-known')
    const late = initiated(await begin(ds))
    ds.advance(600_000)
    expect(outcome(await call(ds, 'authenticateClient', authenticateRequest({}, late, '')))).toBe(
      '8.10.1/3.9 transaction-known',
    )
  })

  it('answers what it cannot read with 400, other methods with 405, other paths with 404', async () => {
    const { smds, send } = createDs()
    const path = '/gsma/rsp2/es9plus/initiateAuthentication'
    expect((await send(path, text({}))).status).toBe(400)
    expect((await send('/gsma/rsp2/asn1', fromHex('a200'))).status).toBe(400)
    expect((await send('/gsma/rsp2/es9plus/getBoundProfilePackage', text({}))).status).toBe(404)
    expect(await smds.handle({ method: 'GET', path, headers: {}, body: new Uint8Array() })).toMatchObject({
      status: 405,
    })
  })

  it('speaks ASN.1', async () => {
    const ds = createDs()
    await es12(ds, 'registerEvent', event)
    const send = async (kind: string, value: unknown) => {
      const body = encode(RemoteProfileProvisioningRequest as Schema<unknown>, { kind, value })
      return decode(RemoteProfileProvisioningResponse, (await ds.send('/gsma/rsp2/asn1', body)).body).value
    }
    const { euiccChallenge, euiccInfo1, smdpAddress } = initiateRequest({ smdpAddress: ADDRESS })
    const begun = await send('initiateAuthenticationRequest', {
      euiccChallenge: new Uint8Array(Buffer.from(euiccChallenge, 'base64')),
      smdpAddress,
      euiccInfo1: read(EUICCInfo1, euiccInfo1),
    })
    if (begun.kind !== 'initiateAuthenticationOk') throw new Error(begun.kind)
    const { transactionId, serverSigned1 } = begun.value
    const request = authenticateRequest({}, { transactionId, serverSigned1: serverSigned1.value }, '')
    const response = read(AuthenticateServerResponse, request.authenticateServerResponse)
    const value = { transactionId, authenticateServerResponse: response }
    const eventEntries = [{ eventId: 'EVENT-1', rspServerAddress: 'smdp.test' }]
    expect(await send('authenticateClientRequest', value)).toEqual({
      kind: 'authenticateClientOk',
      value: { transactionId, eventEntries },
    })
    expect(await send('authenticateClientRequest', value)).toEqual({
      kind: 'authenticateClientError',
      value: 'invalidTransactionId',
    })
  })
})

it('an order that names an SM-DS is found through it, over TLS', async () => {
  if (!pki.nist.dsTls) throw new Error('the test PKI has an SM-DS')
  let ds: Ds | undefined
  const listener = await listen({
    handle: (message) => (ds ? ds.smds.handle(message) : Promise.reject(new Error('too early'))),
    host: '127.0.0.1',
    port: 0,
    tls: toPem(pki.nist.dsTls),
  })
  const address = `localhost:${listener.port}`
  ds = createDs(address)
  const http = createHttpClient({ ca: [certificateToPem(pki.nist.ci.certificate)] })
  const dp = createWorld({ client: { http, delay: () => Promise.resolve() } })
  const header = { functionRequesterIdentifier: 'operator', functionCallIdentifier: 'call' }
  const order = async (name: string, members: object) =>
    jsonOf((await dp.send(`/gsma/rsp2/es2plus/${name}`, text({ header, ...members }))).body)
  const { iccid } = await order('downloadOrder', { profileType: 'minimal', eid: EID })
  const { matchingId } = await order('confirmOrder', { iccid, releaseFlag: true, smdsAddress: address })
  const wire: Pick<Ds, 'send'> = {
    send: (path, body) => http(`https://${address}${path}`, { method: 'POST', headers: {}, body }),
  }
  const start = initiated(await begin(wire, { smdpAddress: address }))
  const found = await call(wire, 'authenticateClient', authenticateRequest({}, start, ''))
  expect(found.eventEntries).toEqual([{ eventId: matchingId, rspServerAddress: 'smdp.example.com:8444' }])
  await listener.close()
})
