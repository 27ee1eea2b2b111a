/** A card and an SM-DP+, and nothing between them but the messages of SGP.22. */
import { randomBytes } from 'node:crypto'
import { expect } from 'vitest'
import { makePki } from '../../certs/index.ts'
import { createEuicc, derivedCredentials } from '../../emulator/euicc/index.ts'
import { Terminal } from '../../emulator/euicc/testing/terminal.ts'
import { segmentsOf } from '../../emulator/ipa/card/segments.ts'
import { createSmdp, type OrderRequest, type Smdp } from '../../emulator/smdp/index.ts'
import { captured, decode, encode, fromHex } from '../../protocol/ber/index.ts'
import { type Curve, readCertificate } from '../../protocol/crypto/index.ts'
import {
  AuthenticateServerRequest,
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
} from '../../protocol/sgp22/index.ts'

const seed = new TextEncoder().encode('test/download')
const now = Date.UTC(2026, 10, 22)
const pki = await makePki({ seed, now })
export const ADDRESS = 'smdp.test:8444'
export const EID = '89049032123451234512345678901235'

export function meet(curve: Curve) {
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

export async function es9(smdp: Smdp, name: string, request: Json): Promise<Json> {
  const body = new TextEncoder().encode(JSON.stringify(request))
  const answer = await smdp.handle({ method: 'POST', path: `/gsma/rsp2/es9plus/${name}`, headers: {}, body })
  return answer.body.length === 0 ? {} : JSON.parse(new TextDecoder().decode(answer.body))
}

export const base64 = (octets: Uint8Array): string => Buffer.from(octets).toString('base64')
export const octetsOf = (text: string | undefined): Uint8Array => new Uint8Array(Buffer.from(text ?? '', 'base64'))

export function storeData(card: Terminal, octets: Uint8Array): Uint8Array {
  const answer = card.storeData(octets)
  expect(Buffer.from(answer.subarray(-2)).toString('hex')).toBe('9000')
  return answer.subarray(0, -2)
}

interface Meeting {
  readonly card: Terminal
  readonly smdp: Smdp
}

export async function authenticate({ card, smdp }: Meeting, matchingId: string): Promise<Json> {
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

export async function fetchPackage({ card, smdp }: Meeting, client: Json): Promise<Uint8Array> {
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
export function load(card: Terminal, boundProfilePackage: Uint8Array): Uint8Array {
  for (const segment of segmentsOf(boundProfilePackage)) {
    const answer = storeData(card, segment)
    if (answer.length > 0) return answer
  }
  throw new Error('the card has not answered')
}

export async function download(meeting: Meeting, order: OrderRequest) {
  const { iccid, matchingId } = meeting.smdp.orders.create(order)
  const client = await authenticate(meeting, matchingId)
  const result = load(meeting.card, await fetchPackage(meeting, client))
  await es9(meeting.smdp, 'handleNotification', { pendingNotification: base64(result) })
  return { iccid, result: decode(ProfileInstallationResult, result).profileInstallationResultData.value }
}
