/** An RSP session through an eIM, which relays it to the SM-DP+: SGP.32 v1.2, 3.2.3.2, over ESipa, 5.14. */
import {
  captured,
  decode,
  encode,
  explicit,
  optional,
  type Schema,
  sequence,
  slice,
} from '../../../protocol/ber/index.ts'
import { parseActivationCode } from '../../../protocol/identifiers/index.ts'
import {
  BoundProfilePackage,
  Certificate,
  EUICCInfo1,
  Octet32,
  Signature,
  SmdpSigned2,
  StoreMetadataRequest,
  TransactionId,
} from '../../../protocol/sgp22/index.ts'
import {
  AuthenticateClientRequestEsipa,
  AuthenticateClientResponseEsipa,
  AuthenticateServerResponse,
  CancelSessionRequestEsipa,
  CancelSessionResponse,
  CancelSessionResponseEsipa,
  GetBoundProfilePackageRequestEsipa,
  GetBoundProfilePackageResponseEsipa,
  InitiateAuthenticationRequestEsipa,
  InitiateAuthenticationResponseEsipa,
  PrepareDownloadResponse,
} from '../../../protocol/sgp32/index.ts'
import type { Agent } from '../agent.ts'
import { type Answer, type Failure, failure, read } from '../answer.ts'
import type { Eim } from '../eim.ts'
import type { Disclosed } from '../memory.ts'
import {
  compactAuthenticateServerResponse,
  compactCancelSessionResponse,
  compactPrepareDownloadResponse,
} from './compact.ts'
import type { Message } from './esipa.ts'
import type {
  AuthenticatingServer,
  EventEntry,
  Initiated,
  Initiation,
  ProfileOffer,
  RspServer,
  SessionMessage,
} from './rsp.ts'

export interface IndirectDownload {
  readonly eim: Eim
  /** Absent: the eIM knows it by the transaction. */
  readonly smdpAddress?: string
  readonly eimTransactionId?: string
}

/** Common mutual authentication, with an SM-DP+ or an SM-DS. */
function authentication({ eim, smdpAddress, eimTransactionId }: IndirectDownload) {
  let madeByEim = false
  return {
    ...(smdpAddress !== undefined && { address: smdpAddress }),
    async initiateAuthentication(agent: Agent, initiation: Initiation) {
      const { disclosed, saves } = await habitsOf(agent, eim)
      const { euiccChallenge, euiccInfo1 } = initiation
      const isKnown = saves && disclosed.euiccInfo1 === Buffer.from(euiccInfo1).toString('base64')
      const request = encode(InitiateAuthenticationRequestEsipa, {
        euiccChallenge,
        ...(smdpAddress !== undefined && { smdpAddress }),
        ...(!isKnown && { euiccInfo1: decode(EUICCInfo1, euiccInfo1) }),
        ...(eimTransactionId !== undefined && { eimTransactionId }),
      })
      const body = await agent.eim.call(eim, 'initiateAuthentication', request)
      if ('kind' in body) return body
      const initiated = readInitiated(body.body, initiation)
      madeByEim = initiated.kind === 'answer' && initiated.value.ctxParams1 !== undefined
      return initiated
    },
    /** AuthenticateClient; resolves with the answer as it came. */
    async introduce(agent: Agent, { transactionId, octets }: SessionMessage): Promise<Message | Failure> {
      const { disclosed, saves } = await habitsOf(agent, eim)
      const said = read('ES10', AuthenticateServerResponse, octets)
      if (said.kind === 'failure') return said
      const authenticateServerResponse = saves
        ? compactAuthenticateServerResponse(said.value, { disclosed, madeByEim })
        : said.value
      const request = encode(AuthenticateClientRequestEsipa, { transactionId, authenticateServerResponse })
      return agent.eim.call(eim, 'authenticateClient', request)
    },
  }
}

/** ES11 through the eIM: it tells the event of an SM-DS as a trigger of its own. */
export function indirectDiscovery(discovery: IndirectDownload): AuthenticatingServer<readonly EventEntry[]> {
  const { introduce, ...server } = authentication(discovery)
  return {
    ...server,
    async authenticateClient(agent, message) {
      const answer = await introduce(agent, message)
      return 'kind' in answer ? answer : readEvents(answer.body)
    },
    // SGP.22 v2.5 has no such function over ES11.
    cancelSession: async () => undefined,
  }
}

export function indirectServer(download: IndirectDownload): RspServer {
  const { eim } = download
  const { introduce, ...server } = authentication(download)
  let offered: ProfileOffer | undefined
  return {
    ...server,
    isIndirect: true,
    async authenticateClient(agent, message) {
      const answer = await introduce(agent, message)
      if ('kind' in answer) return answer
      const offer = readOffer(answer.body, message.transactionId)
      offered = offer.kind === 'answer' ? offer.value : undefined
      return offer
    },
    async getBoundProfilePackage(agent, { transactionId, octets }) {
      const { saves } = await habitsOf(agent, eim)
      const said = read('ES10', PrepareDownloadResponse, octets)
      if (said.kind === 'failure') return said
      const bound = offered?.smdpSigned2.value.bppEuiccOtpk
      const prepareDownloadResponse = saves
        ? compactPrepareDownloadResponse(said.value, { bound, hashCc: offered?.hashCc })
        : said.value
      const request = encode(GetBoundProfilePackageRequestEsipa, { transactionId, prepareDownloadResponse })
      const body = await agent.eim.call(eim, 'getBoundProfilePackage', request)
      return 'kind' in body ? body : readBound(body.body, transactionId)
    },
    async cancelSession(agent, { transactionId, octets }) {
      const { saves } = await habitsOf(agent, eim)
      const said = read('ES10', CancelSessionResponse, octets)
      if (said.kind === 'failure') return said
      const cancelSessionResponse = saves ? compactCancelSessionResponse(said.value) : said.value
      const request = encode(CancelSessionRequestEsipa, { transactionId, cancelSessionResponse })
      const body = await agent.eim.call(eim, 'cancelSession', request)
      return 'kind' in body ? body : read('ESipa', CancelSessionResponseEsipa, body.body)
    },
  }
}

/** Whether this IPA saves octets, and what this eIM knows already. */
export async function habitsOf(
  { settings, memory }: Agent,
  { eimId }: Eim,
): Promise<{ readonly saves: boolean; readonly disclosed: Disclosed }> {
  const saves = settings.ipaCapabilities.ipaFeatures.includes('minimizeEsipaBytes')
  return { saves, disclosed: saves ? ((await memory.load()).disclosed[eimId] ?? {}) : {} }
}

/** An error of a function is a refusal, with its message. */
const refusal = (error: string, octets: Uint8Array): Failure => ({ ...failure('ESipa', 'refused', error), octets })

function readInitiated(body: Uint8Array, { ciPKIds }: Initiation): Answer<Initiated> {
  const response = read('ESipa', InitiateAuthenticationResponseEsipa, body)
  if (response.kind === 'failure') return response
  if (response.value.kind === 'initiateAuthenticationErrorEsipa') return refusal(response.value.value, body)
  const { euiccCiPKIdentifierToBeUsed: short, transactionId, ...server } = response.value.value
  // The eIM may have cut it short.
  const euiccCiPKIdToBeUsed = ciPKIds.find((id) => short.every((octet, i) => octet === id[i]))
  if (!euiccCiPKIdToBeUsed) return refusal('euiccCiPKIdentifierToBeUsed is none of this eUICC', body)
  const known = transactionId ?? server.serverSigned1.value.transactionId
  return { kind: 'answer', value: { ...server, transactionId: known, euiccCiPKIdToBeUsed }, octets: body }
}

/** authenticateClientOkDPEsipa and getBoundProfilePackageOkEsipa with what is signed or compared as octets. */
const OfferOctets = explicit(
  0xbf3b,
  sequence(0xa0, {
    transactionId: optional(TransactionId),
    profileMetadata: optional(captured(StoreMetadataRequest)),
    smdpSigned2: captured(SmdpSigned2),
    smdpSignature2: Signature,
    smdpCertificate: Certificate,
    hashCc: optional(Octet32),
  }),
)
const PackageOctets = explicit(
  0xbf3a,
  sequence(0xa0, { transactionId: optional(TransactionId), boundProfilePackage: slice(BoundProfilePackage) }),
)

function readOffer(body: Uint8Array, transactionId: string): Answer<ProfileOffer> {
  const response = read('ESipa', AuthenticateClientResponseEsipa, body)
  if (response.kind === 'failure') return response
  if (response.value.kind === 'authenticateClientErrorEsipa') return refusal(response.value.value, body)
  if (response.value.kind === 'authenticateClientOkDSEsipa') return refusal('the answer of an SM-DS', body)
  return inTransaction(read('ESipa', OfferOctets, body), transactionId)
}

function readEvents(body: Uint8Array): Answer<readonly EventEntry[]> {
  const response = read('ESipa', AuthenticateClientResponseEsipa, body)
  if (response.kind === 'failure') return response
  if (response.value.kind === 'authenticateClientErrorEsipa') return refusal(response.value.value, body)
  if (response.value.kind === 'authenticateClientOkDPEsipa') return refusal('the answer of an SM-DP+', body)
  const data = response.value.value.profileDownloadTrigger?.profileDownloadData
  const code = data?.kind === 'activationCode' ? parseActivationCode(data.value) : undefined
  if (!code) return { kind: 'answer', value: [], octets: body }
  if ('error' in code) return refusal(`activation code: ${code.error}`, body)
  const { smdpAddress: rspServerAddress, matchingId: eventId = '' } = code
  return { kind: 'answer', value: [{ eventId, rspServerAddress }], octets: body }
}

function readBound(body: Uint8Array, transactionId: string) {
  const error = read('ESipa', GetBoundProfilePackageResponseEsipa as Schema<GetBoundProfilePackageResponseEsipa>, body)
  if (error.kind === 'failure') return error
  if (error.value.kind === 'getBoundProfilePackageErrorEsipa') return refusal(error.value.value, body)
  return inTransaction(read('ESipa', PackageOctets, body), transactionId)
}

/** An eIM that saves octets leaves the transactionId out. */
function inTransaction<T extends { readonly transactionId?: string }>(
  answer: Answer<T>,
  transactionId: string,
): Answer<Omit<T, 'transactionId'> & { readonly transactionId: string }> {
  return answer.kind === 'failure' ? answer : { ...answer, value: { transactionId, ...answer.value } }
}
