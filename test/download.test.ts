import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { makePki } from '../certs/index.ts'
import { createEuicc, derivedCredentials, profilesOf } from '../emulator/euicc/index.ts'
import { Terminal } from '../emulator/euicc/testing/terminal.ts'
import { segmentsOf } from '../emulator/ipa/card/segments.ts'
import { createSmdp, type OrderRequest, type Smdp } from '../emulator/smdp/index.ts'
import { captured, decode, encode, fromHex } from '../protocol/ber/index.ts'
import { type Curve, readCertificate } from '../protocol/crypto/index.ts'
import {
  AuthenticateServerRequest,
  CancelSessionRequest,
  Certificate,
  GetEuiccChallengeRequest,
  GetEuiccChallengeResponse,
  GetEuiccInfo1Request,
  PrepareDownloadRequest,
  ProfileInstallationResult,
  ServerSigned1,
  Signature,
  SmdpSigned2,
  SubjectKeyIdentifier,
} from '../protocol/sgp22/index.ts'

const seed = new TextEncoder().encode('test/download')
const now = Date.UTC(2026, 10, 22)
const pki = await makePki({ seed, now })
const ADDRESS = 'smdp.test:8444'
const EID = '89049032123451234512345678901235'

/** A card and an SM-DP+, and nothing between them but the messages of SGP.22. */
function meet(curve: Curve) {
  const card = new Terminal(
    createEuicc({
      eid: EID,
      credentials: derivedCredentials({ eums: [pki[curve].eum], seed }),
      trustedCis: [readCertificate(pki[curve].ci.certificate)],
    }),
  ).selectIsdr()
  const smdp = createSmdp({
    identities: [pki.nist, pki.brainpool],
    address: ADDRESS,
    clock: { now: () => now },
    random: { octets: randomBytes },
  })
  return { card, smdp }
}

type Json = Readonly<Record<string, string>>

async function es9(smdp: Smdp, name: string, request: Json): Promise<Json> {
  const body = new TextEncoder().encode(JSON.stringify(request))
  const answer = await smdp.handle({ method: 'POST', path: `/gsma/rsp2/es9plus/${name}`, headers: {}, body })
  return answer.body.length === 0 ? {} : JSON.parse(new TextDecoder().decode(answer.body))
}

const base64 = (octets: Uint8Array): string => Buffer.from(octets).toString('base64')
const octetsOf = (text: string | undefined): Uint8Array => new Uint8Array(Buffer.from(text ?? '', 'base64'))

function storeData(card: Terminal, octets: Uint8Array): Uint8Array {
  const answer = card.storeData(octets)
  expect(Buffer.from(answer.subarray(-2)).toString('hex')).toBe('9000')
  return answer.subarray(0, -2)
}

interface Meeting {
  readonly card: Terminal
  readonly smdp: Smdp
}

async function authenticate({ card, smdp }: Meeting, matchingId: string): Promise<Json> {
  const { euiccChallenge } = card.call(GetEuiccChallengeRequest, {}, GetEuiccChallengeResponse)
  const euiccInfo1 = base64(storeData(card, encode(GetEuiccInfo1Request, {})))
  const initiate = { euiccChallenge: base64(euiccChallenge), euiccInfo1, smdpAddress: ADDRESS }
  const server = await es9(smdp, 'initiateAuthentication', initiate)
  const request = encode(AuthenticateServerRequest, {
    serverSigned1: decode(captured(ServerSigned1), octetsOf(server.serverSigned1)),
    serverSignature1: decode(Signature, octetsOf(server.serverSignature1)),
    euiccCiPKIdToBeUsed: decode(SubjectKeyIdentifier, octetsOf(server.euiccCiPKIdToBeUsed)),
    serverCertificate: decode(Certificate, octetsOf(server.serverCertificate)),
    ctxParams1: {
      kind: 'ctxParamsForCommonAuthentication',
      value: { matchingId, deviceInfo: { tac: fromHex('35290611'), deviceCapabilities: {} } },
    },
  })
  const { transactionId = '' } = server
  const authenticateServerResponse = base64(storeData(card, request))
  return es9(smdp, 'authenticateClient', { transactionId, authenticateServerResponse })
}

async function fetchPackage({ card, smdp }: Meeting, client: Json): Promise<Uint8Array> {
  const request = encode(PrepareDownloadRequest, {
    smdpSigned2: decode(captured(SmdpSigned2), octetsOf(client.smdpSigned2)),
    smdpSignature2: decode(Signature, octetsOf(client.smdpSignature2)),
    smdpCertificate: decode(Certificate, octetsOf(client.smdpCertificate)),
  })
  const { transactionId = '' } = client
  const prepareDownloadResponse = base64(storeData(card, request))
  const answer = await es9(smdp, 'getBoundProfilePackage', { transactionId, prepareDownloadResponse })
  return octetsOf(answer.boundProfilePackage)
}

/** The card answers when it has finished or refused; to what comes before it says nothing. */
function load(card: Terminal, boundProfilePackage: Uint8Array): Uint8Array {
  for (const segment of segmentsOf(boundProfilePackage)) {
    const answer = storeData(card, segment)
    if (answer.length > 0) return answer
  }
  throw new Error('the card has not answered')
}

async function download(meeting: Meeting, order: OrderRequest) {
  const { iccid, matchingId } = meeting.smdp.orders.create(order)
  const client = await authenticate(meeting, matchingId)
  const result = load(meeting.card, await fetchPackage(meeting, client))
  await es9(meeting.smdp, 'handleNotification', { pendingNotification: base64(result) })
  return { iccid, result: decode(ProfileInstallationResult, result).profileInstallationResultData.value }
}

describe.each(['nist', 'brainpool'] as const)('a card and an SM-DP+ below a CI on %s', (curve) => {
  it.each([
    { template: 'minimal', replaceSessionKeys: false },
    { template: 'typical', replaceSessionKeys: false },
    { template: 'typical', replaceSessionKeys: true },
  ] as const)('install a profile: %o', async ({ template, replaceSessionKeys }) => {
    const meeting = meet(curve)
    const profile = { template, serviceProviderName: 'Télécom', profileName: 'IoT', fallbackAllowed: true }
    const { iccid, result } = await download(meeting, { profile, replaceSessionKeys })
    expect(result).toMatchObject({ smdpOid: '2.999.10', finalResult: { kind: 'successResult' } })
    expect(profilesOf(meeting.card.state)).toMatchObject([
      { iccid, state: 'disabled', fallbackAllowed: true, serviceProviderName: 'Télécom', profileName: 'IoT' },
    ])
    expect(meeting.smdp.orders.get(iccid)).toMatchObject({ state: 'installed', eid: EID })
  })
})

describe('a card', () => {
  it('takes one profile after the other, and tells what it cannot take', async () => {
    const meeting = meet('nist')
    const first = await download(meeting, { profile: { template: 'typical' } })
    const second = await download(meeting, { profile: { template: 'minimal', gid1: fromHex('0102') } })
    expect(profilesOf(meeting.card.state).map(({ iccid }) => iccid)).toEqual([first.iccid, second.iccid])
    const third = await download(meeting, { profile: { template: 'minimal', profilePolicyRules: ['ppr1'] } })
    const refusal = { kind: 'error', bppCommandId: 'storeMetadata', errorReason: 'pprNotAllowed' }
    expect(meeting.smdp.orders.get(third.iccid)).toMatchObject({ state: 'error', result: refusal })
    expect(profilesOf(meeting.card.state)).toHaveLength(2)
  })

  it('cancels a session, and the SM-DP+ believes it', async () => {
    const meeting = meet('nist')
    const { iccid, matchingId } = meeting.smdp.orders.create()
    const { transactionId = '' } = await authenticate(meeting, matchingId)
    const request = encode(CancelSessionRequest, { transactionId, reason: 'postponed' })
    const cancelSessionResponse = base64(storeData(meeting.card, request))
    expect(await es9(meeting.smdp, 'cancelSession', { transactionId, cancelSessionResponse })).toEqual({
      header: { functionExecutionStatus: { status: 'Executed-Success' } },
    })
    expect(meeting.smdp.orders.get(iccid)?.state).toBe('released')
  })

  it('that put a download off gets the same package when it comes back', async () => {
    const meeting = meet('nist')
    const { iccid, matchingId } = meeting.smdp.orders.create()
    const first = await authenticate(meeting, matchingId)
    await fetchPackage(meeting, first)
    const { transactionId = '' } = first
    storeData(meeting.card, encode(CancelSessionRequest, { transactionId, reason: 'postponed' }))
    const again = await authenticate(meeting, matchingId)
    expect(decode(SmdpSigned2, octetsOf(again.smdpSigned2)).bppEuiccOtpk).toBeDefined()
    const result = decode(ProfileInstallationResult, load(meeting.card, await fetchPackage(meeting, again)))
    expect(result.profileInstallationResultData.value.finalResult.kind).toBe('successResult')
    expect(meeting.smdp.orders.get(iccid)?.state).toBe('downloaded')
  })
})
