/** The functions of ESipa: SGP.32 v1.2, 5.14 and 6.3. Those of an RSP session are relayed to the SM-DP+. */
import { encode } from '../../protocol/ber/index.ts'
import { isEid } from '../../protocol/identifiers/index.ts'
import type {
  EsipaMessageFromIpaToEim,
  EuiccPackageResult,
  GetEimPackageRequest,
  HandleNotificationEsipa,
  PendingNotification,
  ProvideEimPackageResult,
  Sgp32Codec,
} from '../../protocol/sgp32/index.ts'
import { getEimPackage } from './delivery.ts'
import type { EsipaCall, EsipaContext, Handled } from './esipa-context.ts'
import { receiveNotifications } from './notifications.ts'
import { certificateOf } from './onboarding.ts'
import { ignore } from './reception.ts'
import { authenticateClient, cancelSession, getBoundProfilePackage, initiateAuthentication } from './relay/functions.ts'
import { restoreInstallationResult, restoreOtherNotification } from './relay/restore.ts'
import type { RelaySession } from './relay/sessions.ts'
import { provideEimPackageResult, receiveRelayedInstallation } from './results.ts'
import type { EuiccState, Exchange } from './state.ts'
import { ifKnown } from './step.ts'

type Kind = EsipaMessageFromIpaToEim['kind']
type ValueOfKind<K extends Kind> = Extract<EsipaMessageFromIpaToEim, { readonly kind: K }>['value']

interface EsipaFunction<Value> {
  readonly name: string
  /** Absent: such a message answers nothing that was asked. */
  readonly handle?: (value: Value, call: EsipaCall) => Promise<Handled>
}

export const esipaFunctions: { readonly [K in Kind]: EsipaFunction<ValueOfKind<K>> } = {
  getEimPackageRequest: { name: 'GetEimPackage', handle: handleGetEimPackage },
  provideEimPackageResult: { name: 'ProvideEimPackageResult', handle: handleProvideEimPackageResult },
  handleNotificationEsipa: { name: 'HandleNotification', handle: handleNotification },
  transferEimPackageResponse: { name: 'TransferEimPackage' },
  initiateAuthenticationRequestEsipa: { name: 'InitiateAuthentication', handle: initiateAuthentication },
  authenticateClientRequestEsipa: { name: 'AuthenticateClient', handle: authenticateClient },
  getBoundProfilePackageRequestEsipa: { name: 'GetBoundProfilePackage', handle: getBoundProfilePackage },
  cancelSessionRequestEsipa: { name: 'CancelSession', handle: cancelSession },
}

type EidError = 'eidNotFound' | 'invalidEid' | 'missingEid'

const noPackage = (error: EidError, codec: Sgp32Codec): Uint8Array =>
  encode(codec.EsipaMessageFromEimToIpa, {
    kind: 'getEimPackageResponse',
    value: { kind: 'eimPackageError', value: error },
  })

const notTaken = (error: EidError, codec: Sgp32Codec): Uint8Array =>
  encode(codec.EsipaMessageFromEimToIpa, {
    kind: 'provideEimPackageResultResponse',
    value: { kind: 'provideEimPackageResultError', value: error },
  })

/** How a function that is told an EID says that it is none. */
export const eidErrors: Partial<Record<Kind, (error: EidError, codec: Sgp32Codec) => Uint8Array>> = {
  getEimPackageRequest: noPackage,
  provideEimPackageResult: notTaken,
}

async function handleGetEimPackage(request: GetEimPackageRequest, { step, tools }: EsipaCall): Promise<Handled> {
  const { eidValue: eid } = request
  const { codec } = tools()
  if (!isEid(eid)) return { octets: noPackage('invalidEid', codec) }
  const { answer } = await step(
    { eid },
    ifKnown((before) => getEimPackage(before, request, tools())),
  )
  if (!answer) return { eid, octets: noPackage('eidNotFound', codec) }
  return { eid, octets: answer.octets, ...(answer.exchange && { correlation: correlationOf(answer.exchange) }) }
}

const correlationOf = ({ eimTransactionId, package: { packageId } }: Exchange) => ({ eimTransactionId, packageId })

/** An IPA may leave its EID out: the transaction tells whose result it is, else the connection. */
async function eidOfResult(
  { eidValue, eimPackageResult }: ProvideEimPackageResult,
  { store, connectedEid }: EsipaCall,
): Promise<string | undefined> {
  if (eidValue !== undefined) return eidValue
  const eimTransactionId = transactionOf(eimPackageResult)
  return (eimTransactionId && (await store.eidOfTransaction(eimTransactionId))) || connectedEid
}

/** Whose a request is, as far as that can be told before it is carried out. */
export async function eidOfRequest(request: EsipaMessageFromIpaToEim, call: EsipaCall): Promise<string | undefined> {
  if (request.kind === 'getEimPackageRequest') return request.value.eidValue
  const result = request.kind === 'handleNotificationEsipa' ? request.value.value : request.value
  return 'eimPackageResult' in result ? eidOfResult(result as ProvideEimPackageResult, call) : call.connectedEid
}

async function handleProvideEimPackageResult(provided: ProvideEimPackageResult, call: EsipaCall): Promise<Handled> {
  const { step, tools, onAnswered } = call
  const { codec } = tools()
  const { eimPackageResult } = provided
  const eimTransactionId = transactionOf(eimPackageResult)
  const correlation = eimTransactionId !== undefined && { correlation: { eimTransactionId } }
  const eid = await eidOfResult(provided, call)
  if (eid === undefined) return { octets: notTaken('missingEid', codec), disbelieved: 'eid' }
  if (!isEid(eid)) return { octets: notTaken('invalidEid', codec) }
  const { answer } = await step(
    { eid },
    ifKnown((before) => provideEimPackageResult(before, eimPackageResult, tools())),
  )
  if (!answer) return { eid, octets: notTaken('eidNotFound', codec) }
  onAnswered?.(eid)
  const { acknowledged, disbelieved } = answer
  const octets = encode(codec.EsipaMessageFromEimToIpa, {
    kind: 'provideEimPackageResultResponse',
    value:
      acknowledged.length > 0
        ? { kind: 'eimAcknowledgements', value: acknowledged }
        : { kind: 'emptyResponse', value: {} },
  })
  return { eid, octets, ...correlation, ...(disbelieved && { disbelieved }) }
}

async function handleNotification(message: HandleNotificationEsipa, context: EsipaCall): Promise<Handled> {
  if (message.kind === 'provideEimPackageResult') {
    const { octets: _, ...handled } = await handleProvideEimPackageResult(message.value, context)
    return handled
  }
  return takeNotification(message.value, context)
}

/** A compact form is restored first. The result of a session that was relayed also ends the download that was ordered. */
async function takeNotification(pending: PendingNotification, context: EsipaCall): Promise<Handled> {
  const session = await sessionOf(pending, context)
  const eid = session?.eid ?? (await eidOfNotification(pending, context))
  if (eid === undefined) return { disbelieved: 'eid' }
  const { answer } = await context.step(
    { eid },
    ifKnown((before) => {
      const notification = restored(pending, { session, state: before })
      if (!notification) return ignore('not-asked')
      return session && notification.kind === 'profileInstallationResult'
        ? receiveRelayedInstallation(before, { pir: notification.value, session }, context.tools())
        : receiveNotifications(before, [notification], context.tools().now)
    }),
  )
  if (!answer) return { eid, disbelieved: 'eid' }
  context.onAnswered?.(eid)
  const correlation = session && { correlation: { transactionId: session.transactionId } }
  return { eid, ...correlation, ...(answer.disbelieved && { disbelieved: answer.disbelieved }) }
}

/** Of the installation that a notification is about. */
async function sessionOf({ kind, value }: PendingNotification, { sessions }: EsipaContext) {
  if (kind === 'profileInstallationResult') return sessions.get(value.profileInstallationResultData.value.transactionId)
  if (kind === 'compactProfileInstallationResult')
    return sessions.get(value.compactProfileInstallationResultData.transactionId)
  return undefined
}

function restored(
  pending: PendingNotification,
  { session, state }: { readonly session: RelaySession | undefined; readonly state: EuiccState },
): PendingNotification | undefined {
  switch (pending.kind) {
    case 'compactProfileInstallationResult':
      return session && restoreInstallationResult(pending.value, session)
    case 'compactOtherSignedNotification':
      return restoreOtherNotification(pending.value, state)
    default:
      return pending
  }
}

type EimPackageResult = ProvideEimPackageResult['eimPackageResult']

function transactionOf(result: EimPackageResult): string | undefined {
  switch (result.kind) {
    case 'euiccPackageResult':
      return transactionOfPackage(result.value)
    case 'ePRAndNotifications':
      return transactionOfPackage(result.value.euiccPackageResult)
    case 'profileDownloadTriggerResult':
    case 'eimPackageResultResponseError':
      return result.value.eimTransactionId
    case 'ipaEuiccDataResponse':
      return result.value.value.eimTransactionId
  }
}

function transactionOfPackage({ kind, value }: EuiccPackageResult): string | undefined {
  switch (kind) {
    case 'euiccPackageResultSigned':
      return value.euiccPackageResultDataSigned.value.eimTransactionId
    case 'euiccPackageErrorSigned':
      return value.euiccPackageErrorDataSigned.value.eimTransactionId
    case 'euiccPackageErrorUnsigned':
      return value.eimTransactionId
  }
}

/**
 * Whose notification it claims to be: the eUICC of the certificate in it, or the one that holds the profile. A profile that has just been installed is of
 * the one that this connection was last used for. What it has signed shows whether that is true.
 */
async function eidOfNotification(
  { kind, value }: PendingNotification,
  { store, connectedEid }: EsipaCall,
): Promise<string | undefined> {
  switch (kind) {
    case 'otherSignedNotification':
      return certificateOf(value.euiccCertificate)?.subject.serialNumber
    case 'compactOtherSignedNotification':
      return value.eidValue
    case 'profileInstallationResult': {
      const { iccid } = value.profileInstallationResultData.value.notificationMetadata
      return (iccid === undefined ? undefined : await store.eidOfProfile(iccid)) ?? connectedEid
    }
    case 'compactProfileInstallationResult':
      return undefined
  }
}
