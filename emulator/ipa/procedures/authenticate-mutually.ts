import { DecodeError } from '../../../protocol/ber/index.ts'
import { readCertificate } from '../../../protocol/crypto/index.ts'
import type { CtxParams1 } from '../../../protocol/sgp22/index.ts'
import type { Agent } from '../agent.ts'
import type { Failure } from '../answer.ts'
import { type Es9PlusValue, toBase64 } from '../servers/es9plus.ts'
import { cancelAfter, cancelSession } from './cancel-session.ts'
import { type DownloadSource, type DownloadStop, type RspSession, stop, stopBy } from './download.ts'

type Initiated = Es9PlusValue<'initiateAuthentication'>

/** Common mutual authentication: SGP.22 v2.5, 3.0.1. */
export async function authenticateMutually(
  agent: Agent,
  source: DownloadSource,
): Promise<RspSession | DownloadStop | Failure> {
  // 1. ES10b.GetEUICCInfo and GetEUICCChallenge: the eUICC opens a session.
  const info = await agent.card.call('GetEUICCInfo1', {})
  if (info.kind === 'failure') return stopBy(info)
  const challenge = await agent.card.call('GetEUICCChallenge', {})
  if (challenge.kind === 'failure') return stopBy(challenge)
  // 2. ES9+.InitiateAuthentication.
  const { smdpAddress } = source
  const initiated = await agent.smdp.call('initiateAuthentication', smdpAddress, {
    euiccChallenge: toBase64(challenge.value.euiccChallenge),
    euiccInfo1: toBase64(info.octets),
    smdpAddress,
  })
  if (initiated.kind === 'failure') return stopBy(initiated)
  // 3. It has to be the server that was meant. The eUICC knows no server yet, so there is nothing to cancel.
  const mismatch = mismatchOf(source, initiated.value)
  if (mismatch) return stop(mismatch)
  return authenticateClient(agent.within({ transactionId: initiated.value.transactionId }), source, initiated.value)
}

async function authenticateClient(
  agent: Agent,
  source: DownloadSource,
  { transactionId, ...server }: Initiated,
): Promise<RspSession | DownloadStop | Failure> {
  const session = { smdpAddress: source.smdpAddress, transactionId }
  // 4. ES10b.AuthenticateServer.
  const ctxParams1 = ctxParams1Of(agent, source)
  const authenticated = await agent.card.call('AuthenticateServer', { ...server, ctxParams1 })
  if (authenticated.kind === 'failure') return stopBy(authenticated)
  // 5. ES9+.AuthenticateClient, with an error of the eUICC too: it ends the session at the SM-DP+.
  const offer = await agent.smdp.call('authenticateClient', source.smdpAddress, {
    transactionId,
    authenticateServerResponse: toBase64(authenticated.octets),
  })
  if (authenticated.value.kind === 'authenticateResponseError')
    return stop(authenticated.value.value.authenticateErrorCode, authenticated.octets)
  if (offer.kind === 'failure') return cancelAfter(agent, session, offer)
  const { smdpSigned2 } = offer.value
  if (offer.value.transactionId !== transactionId || smdpSigned2.value.transactionId !== transactionId)
    return cancelSession(agent, session, { reason: 'undefinedReason', detail: 'another transactionId' })
  return { kind: 'session', ...session, offer: offer.value }
}

/** What contradicts the source: SGP.22 v2.5, 3.0.1. FQDNs are compared in any case. */
function mismatchOf({ smdpAddress, smdpOid }: DownloadSource, initiated: Initiated): string | undefined {
  const { transactionId, serverAddress } = initiated.serverSigned1.value
  if (transactionId !== initiated.transactionId) return 'transactionId is not the one that was signed'
  if (serverAddress.toLowerCase() !== smdpAddress.toLowerCase()) return `serverAddress ${serverAddress}`
  if (smdpOid !== undefined && smdpOid !== registeredIdOf(initiated.serverCertificate)) return 'OID of CERT.DPauth'
  return undefined
}

function registeredIdOf(certificate: Uint8Array): string | undefined {
  try {
    return readCertificate(certificate).subjectAltName.registeredID
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}

const ctxParams1Of = ({ settings }: Agent, { matchingId }: DownloadSource): CtxParams1 => ({
  kind: 'ctxParamsForCommonAuthentication',
  value: { ...(matchingId ? { matchingId } : {}), deviceInfo: settings.deviceInfo },
})
