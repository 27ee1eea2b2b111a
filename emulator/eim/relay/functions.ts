/**
 * The functions of ESipa that belong to an RSP session: SGP.32 v1.2, 5.14.1 to 5.14.4. The eIM relays each to the SM-DP+ and adds what the IPA left out or
 * cannot know. What is signed passes octet for octet.
 */
import { createHash } from 'node:crypto'
import { concatOctets, decode, encode, fromHex } from '../../../protocol/ber/index.ts'
import { type ActivationCode, parseActivationCode } from '../../../protocol/identifiers/index.ts'
import { type CtxParams1, DeviceInfo, EUICCInfo1 } from '../../../protocol/sgp22/index.ts'
import {
  type AuthenticateClientRequestEsipa,
  AuthenticateClientResponseEsipa,
  AuthenticateServerResponse,
  type CancelSessionRequestEsipa,
  CancelSessionResponse,
  type GetBoundProfilePackageRequestEsipa,
  type InitiateAuthenticationRequestEsipa,
  PrepareDownloadResponse,
} from '../../../protocol/sgp32/index.ts'
import type { EsipaContext, Handled } from '../esipa-context.ts'
import type { DownloadOrder } from '../model.ts'
import { certificateOf, learnIdentity } from '../onboarding.ts'
import type { EuiccState } from '../state.ts'
import { ifKnown } from '../step.ts'
import type { Es9PlusAnswer } from './es9plus-http.ts'
import { answerOf, errorAnswer, eventsIn, readMembers, refusalOf, type SmdsEvent } from './messages.ts'
import {
  restoreAuthenticateServerResponse,
  restoreCancelSessionResponse,
  restorePrepareDownloadResponse,
} from './restore.ts'
import type { RelaySession } from './sessions.ts'

/** The download under way that a transaction names. */
interface Ordered {
  readonly state: EuiccState
  readonly order: DownloadOrder
  readonly code: ActivationCode | undefined
}

async function orderedBy(eimTransactionId: string | undefined, { store }: EsipaContext): Promise<Ordered | undefined> {
  const eid = eimTransactionId && (await store.eidOfTransaction(eimTransactionId))
  const state = eid ? await store.euicc(eid) : undefined
  const ordered = state?.exchange?.package.order
  if (!state || !ordered || !('download' in ordered)) return undefined
  const parsed = parseActivationCode(ordered.download.activationCode ?? '')
  return { state, order: ordered.download, code: 'error' in parsed ? undefined : parsed }
}

const saves = (state: EuiccState | undefined): boolean =>
  state?.ipa?.capabilities?.ipaFeatures.includes('minimizeEsipaBytes') ?? false

const base64 = (octets: Uint8Array): string => Buffer.from(octets).toString('base64')

/** ESipa.InitiateAuthentication: 5.14.1. */
export async function initiateAuthentication(
  request: InitiateAuthenticationRequestEsipa,
  context: EsipaContext,
): Promise<Handled> {
  const { eimTransactionId } = request
  const ordered = await orderedBy(eimTransactionId, context)
  const refuse = (error: Parameters<typeof errorAnswer<'initiateAuthentication'>>[1]): Handled => ({
    octets: errorAnswer('initiateAuthentication', error, context),
    ...(ordered && { eid: ordered.state.eid }),
  })
  if (!ordered && (eimTransactionId !== undefined || request.smdpAddress === undefined))
    return refuse('invalidEimTransactionId')
  const smdpAddress = request.smdpAddress ?? ordered?.code?.smdpAddress
  const info = request.euiccInfo1 ? encode(EUICCInfo1, request.euiccInfo1) : ordered?.state.ipa?.euiccInfo1
  if (smdpAddress === undefined) return refuse('invalidDpAddress')
  if (!info || !context.es9plus) return refuse('undefinedError')
  if (ordered?.code && ordered.code.smdpAddress.toLowerCase() !== smdpAddress.toLowerCase())
    return refuse('smdpAddressMismatch')
  const answer = await context.es9plus({
    name: 'initiateAuthentication',
    address: smdpAddress,
    members: { euiccChallenge: base64(request.euiccChallenge), euiccInfo1: base64(info), smdpAddress },
    eid: ordered?.state.eid,
  })
  return opened({ smdpAddress, eimTransactionId, ordered, answer }, context)
}

interface Opening {
  readonly smdpAddress: string
  readonly eimTransactionId: string | undefined
  readonly ordered: Ordered | undefined
  readonly answer: Es9PlusAnswer
}

async function opened(opening: Opening, context: EsipaContext): Promise<Handled> {
  const { smdpAddress, eimTransactionId, ordered, answer } = opening
  const subject = ordered && { eid: ordered.state.eid }
  const server = answer.kind === 'executed' ? readMembers('initiateAuthentication', answer) : undefined
  if (!server) return { octets: refusalOf('initiateAuthentication', answer, context), ...subject }
  const { transactionId, serverAddress, serverChallenge } = server.serverSigned1.value
  const smdpOid = certificateOf(server.serverCertificate)?.subjectAltName.registeredID
  const broken = mismatchOf(opening, { serverAddress, smdpOid })
  if (broken) return { octets: errorAnswer('initiateAuthentication', broken, context), ...subject }
  const told = ordered ? contextOf(ordered) : {}
  const session: RelaySession = {
    transactionId,
    smdpAddress,
    serverAddress,
    serverChallenge,
    ciPKId: server.euiccCiPKIdToBeUsed,
    ...(smdpOid !== undefined && { smdpOid }),
    ...(eimTransactionId !== undefined && { eimTransactionId }),
    ...subject,
    ...('ctxParams1' in told && told),
    ...(ordered?.order.confirmationCode !== undefined && { confirmationCode: ordered.order.confirmationCode }),
  }
  await context.sessions.put(session)
  const { euiccCiPKIdToBeUsed, ...said } = server
  const isShort = saves(ordered?.state)
  const octets = answerOf('initiateAuthentication', {
    ...(!isShort && { transactionId }),
    ...said,
    euiccCiPKIdentifierToBeUsed: isShort ? euiccCiPKIdToBeUsed.subarray(0, SHORT_KEY_ID) : euiccCiPKIdToBeUsed,
    ...told,
  })
  return { octets, ...subject, ...correlationOf(session) }
}

/** Octets of a key identifier that tell the CIs of an eUICC apart. */
const SHORT_KEY_ID = 4

function mismatchOf(
  { smdpAddress, ordered }: Opening,
  { serverAddress, smdpOid }: { readonly serverAddress: string; readonly smdpOid: string | undefined },
): 'smdpAddressMismatch' | 'smdpOidMismatch' | undefined {
  if (serverAddress.toLowerCase() !== smdpAddress.toLowerCase()) return 'smdpAddressMismatch'
  const expected = ordered?.code?.smdpOid
  return expected !== undefined && expected !== smdpOid ? 'smdpOidMismatch' : undefined
}

/** What the eUICC is to be told of the download: by the eIM as a whole where the IPA wants that (eimCtxParams1Generation), else the matchingId alone. */
function contextOf({ state, code }: Ordered): { readonly matchingId?: string } | { readonly ctxParams1: CtxParams1 } {
  const matchingId = code?.matchingId ? { matchingId: code.matchingId } : {}
  const { capabilities, deviceInfo } = state.ipa ?? {}
  if (!capabilities?.ipaFeatures.includes('eimCtxParams1Generation') || !deviceInfo) return matchingId
  const value = { ...matchingId, deviceInfo: decode(DeviceInfo, deviceInfo) }
  return { ctxParams1: { kind: 'ctxParamsForCommonAuthentication', value } }
}

const correlationOf = ({ transactionId, eimTransactionId }: RelaySession) => ({
  correlation: { transactionId, ...(eimTransactionId !== undefined && { eimTransactionId }) },
})

/** ESipa.AuthenticateClient: 5.14.2. The eUICC shows its certificates, by which the eIM may come to know it. */
export async function authenticateClient(
  { transactionId, authenticateServerResponse }: AuthenticateClientRequestEsipa,
  context: EsipaContext,
): Promise<Handled> {
  const name = 'authenticateClient'
  const found = await inSession(transactionId, context)
  if (!found) return { octets: errorAnswer(name, 'invalidTransactionId', context) }
  const response = restoreAuthenticateServerResponse(authenticateServerResponse, found)
  const eid = (response && (await introduced(response, context))) ?? found.session.eid
  const subject = { ...(eid !== undefined && { eid }), ...correlationOf(found.session) }
  if (!response || !context.es9plus) return { octets: errorAnswer(name, 'undefinedError', context), ...subject }
  const answer = await context.es9plus({
    name,
    address: found.session.smdpAddress,
    members: { transactionId, authenticateServerResponse: base64(encode(AuthenticateServerResponse, response)) },
    eid,
  })
  const events = answer.kind === 'executed' ? eventsIn(answer) : undefined
  if (events) return { octets: discovered(found.session, events), ...subject }
  const offer = answer.kind === 'executed' ? readMembers(name, answer) : undefined
  if (!offer) return { octets: refusalOf(name, answer, context), ...subject }
  const { bppEuiccOtpk } = offer.smdpSigned2.value
  const hashCc = hashedCode(found.session)
  await context.sessions.put({
    ...found.session,
    ...(eid !== undefined && { eid }),
    ...(bppEuiccOtpk && { bppEuiccOtpk }),
    ...(hashCc && { hashCc }),
    iccid: offer.profileMetadata.value.iccid,
  })
  const octets = answerOf(name, {
    ...(!saves(found.state) && { transactionId }),
    ...offer,
    ...(hashCc && { hashCc }),
  })
  return { octets, ...subject }
}

/**
 * What an SM-DS has for the eUICC, as a trigger. Deviation: of several events the first; the others are found when the IPA is sent there again. Unverified:
 * that the event is told as an activation code.
 */
function discovered({ transactionId, eimTransactionId }: RelaySession, [first]: readonly SmdsEvent[]): Uint8Array {
  const activationCode = first && `LPA:1$${first.rspServerAddress}$${first.eventId}`
  const profileDownloadTrigger = activationCode && {
    profileDownloadData: { kind: 'activationCode', value: activationCode } as const,
    ...(eimTransactionId !== undefined && { eimTransactionId }),
  }
  return encode(AuthenticateClientResponseEsipa, {
    kind: 'authenticateClientOkDSEsipa',
    value: { transactionId, ...(profileDownloadTrigger && { profileDownloadTrigger }) },
  })
}

/** Hashed Confirmation Code: SGP.22 v2.5, 4.7. */
function hashedCode({ confirmationCode, transactionId }: RelaySession): Uint8Array | undefined {
  if (confirmationCode === undefined) return undefined
  const sha256 = (octets: Uint8Array) => createHash('sha256').update(octets).digest()
  const code = sha256(new TextEncoder().encode(confirmationCode))
  return new Uint8Array(sha256(concatOctets(code, fromHex(transactionId))))
}

async function inSession(transactionId: string, { sessions, store }: EsipaContext) {
  const session = await sessions.get(transactionId)
  if (!session) return undefined
  const state = session.eid === undefined ? undefined : await store.euicc(session.eid)
  return { session, state }
}

/** Whose certificates these are. */
async function introduced(
  response: AuthenticateServerResponse,
  { step, tools }: EsipaContext,
): Promise<string | undefined> {
  if (response.kind !== 'authenticateResponseOk') return undefined
  const { euiccCertificate, eumCertificate } = response.value
  const eid = certificateOf(euiccCertificate)?.subject.serialNumber
  if (eid === undefined) return undefined
  const presented = { euiccCertificate, eumCertificate }
  await step(
    { eid },
    ifKnown((before) => ({ state: learnIdentity(before, presented, tools()), effects: [], answer: undefined })),
  )
  return eid
}

/** ESipa.GetBoundProfilePackage: 5.14.3. */
export async function getBoundProfilePackage(
  { transactionId, prepareDownloadResponse }: GetBoundProfilePackageRequestEsipa,
  context: EsipaContext,
): Promise<Handled> {
  const name = 'getBoundProfilePackage'
  const found = await inSession(transactionId, context)
  if (!found) return { octets: errorAnswer(name, 'invalidTransactionId', context) }
  const { session, state } = found
  const subject = { ...(session.eid !== undefined && { eid: session.eid }), ...correlationOf(session) }
  const response = restorePrepareDownloadResponse(prepareDownloadResponse, session)
  if (!response || !context.es9plus) return { octets: errorAnswer(name, 'undefinedError', context), ...subject }
  const answer = await context.es9plus({
    name,
    address: session.smdpAddress,
    members: { transactionId, prepareDownloadResponse: base64(encode(PrepareDownloadResponse, response)) },
    eid: session.eid,
  })
  const bound = answer.kind === 'executed' ? readMembers(name, answer) : undefined
  if (!bound) return { octets: refusalOf(name, answer, context), ...subject }
  return { octets: answerOf(name, { ...(!saves(state) && { transactionId }), ...bound }), ...subject }
}

/** ESipa.CancelSession: 5.14.4. */
export async function cancelSession(
  { transactionId, cancelSessionResponse }: CancelSessionRequestEsipa,
  context: EsipaContext,
): Promise<Handled> {
  const name = 'cancelSession'
  const found = await inSession(transactionId, context)
  if (!found) return { octets: errorAnswer(name, 'invalidTransactionId', context) }
  const { session } = found
  const subject = { ...(session.eid !== undefined && { eid: session.eid }), ...correlationOf(session) }
  const response = restoreCancelSessionResponse(cancelSessionResponse, session)
  if (!response || !context.es9plus) return { octets: errorAnswer(name, 'undefinedError', context), ...subject }
  const answer = await context.es9plus({
    name,
    address: session.smdpAddress,
    members: { transactionId, cancelSessionResponse: base64(encode(CancelSessionResponse, response)) },
    eid: session.eid,
  })
  return { octets: answer.kind === 'executed' ? answerOf(name, {}) : refusalOf(name, answer, context), ...subject }
}
