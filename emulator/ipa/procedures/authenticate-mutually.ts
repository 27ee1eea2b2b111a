import { DecodeError } from '../../../protocol/ber/index.ts'
import { readCertificate } from '../../../protocol/crypto/index.ts'
import type { CtxParams1 } from '../../../protocol/sgp22/index.ts'
import type { Agent } from '../agent.ts'
import type { Failure } from '../answer.ts'
import type { AuthenticatingServer, Initiated } from '../servers/rsp.ts'
import { cancelAfter } from './cancel-session.ts'
import { type AuthenticatedSession, type DownloadStop, type Source, stop, stopBy } from './download.ts'

/** Common mutual authentication: SGP.22 v2.5, 3.0.1. */
export async function authenticateMutually<Server extends AuthenticatingServer<Offer>, Offer>(
  agent: Agent,
  source: Source<Server>,
): Promise<AuthenticatedSession<Server, Offer> | DownloadStop | Failure> {
  // 1. ES10b.GetEUICCInfo and GetEUICCChallenge: the eUICC opens a session.
  const info = await agent.card.call('GetEUICCInfo1', {})
  if (info.kind === 'failure') return stopBy(info)
  const challenge = await agent.card.call('GetEUICCChallenge', {})
  if (challenge.kind === 'failure') return stopBy(challenge)
  // 2. InitiateAuthentication.
  const initiated = await source.server.initiateAuthentication(agent, {
    euiccChallenge: challenge.value.euiccChallenge,
    euiccInfo1: info.octets,
    ciPKIds: info.value.euiccCiPKIdListForSigning,
  })
  if (initiated.kind === 'failure') return stopBy(initiated)
  // 3. It has to be the server that was meant. The eUICC knows no server yet, so there is nothing to cancel.
  const mismatch = mismatchOf(source, initiated.value)
  if (mismatch) return stop(mismatch)
  return authenticateClient(agent.within({ transactionId: initiated.value.transactionId }), source, initiated.value)
}

async function authenticateClient<Server extends AuthenticatingServer<Offer>, Offer>(
  agent: Agent,
  source: Source<Server>,
  { transactionId, matchingId, ctxParams1: given, ...said }: Initiated,
): Promise<AuthenticatedSession<Server, Offer> | DownloadStop | Failure> {
  const { server } = source
  // 4. ES10b.AuthenticateServer.
  const ctxParams1 = given ?? ctxParams1Of(agent, matchingId ?? source.matchingId)
  const authenticated = await agent.card.call('AuthenticateServer', { ...said, ctxParams1 })
  if (authenticated.kind === 'failure') return stopBy(authenticated)
  // 5. AuthenticateClient, with an error of the eUICC too: it ends the session at the server.
  const offer = await server.authenticateClient(agent, { transactionId, octets: authenticated.octets })
  if (authenticated.value.kind === 'authenticateResponseError')
    return stop(authenticated.value.value.authenticateErrorCode, authenticated.octets)
  if (offer.kind === 'failure') return cancelAfter(agent, { server, transactionId }, offer)
  return { kind: 'session', server, transactionId, offer: offer.value }
}

/** What contradicts the source: SGP.22 v2.5, 3.0.1. FQDNs are compared in any case. */
function mismatchOf(
  { server: { address }, smdpOid }: Source<AuthenticatingServer<unknown>>,
  initiated: Initiated,
): string | undefined {
  const { transactionId, serverAddress } = initiated.serverSigned1.value
  if (transactionId !== initiated.transactionId) return 'transactionId is not the one that was signed'
  if (address !== undefined && serverAddress.toLowerCase() !== address.toLowerCase())
    return `serverAddress ${serverAddress}`
  if (smdpOid !== undefined && smdpOid !== registeredIdOf(initiated.serverCertificate)) return 'OID of CERT.DPauth'
  return undefined
}

export function registeredIdOf(certificate: Uint8Array): string | undefined {
  try {
    return readCertificate(certificate).subjectAltName.registeredID
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}

const ctxParams1Of = ({ settings }: Agent, matchingId: string | undefined): CtxParams1 => ({
  kind: 'ctxParamsForCommonAuthentication',
  value: { ...(matchingId ? { matchingId } : {}), deviceInfo: settings.deviceInfo },
})
