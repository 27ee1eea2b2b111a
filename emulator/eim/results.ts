/**
 * ESipa.ProvideEimPackageResult: SGP.32 v1.2, 5.14.6. A result is believed when the eUICC signed it, for this eIM, after every result believed
 * before. One that is not believed is counted on its package and changes nothing else.
 */
import { toHex } from '../../protocol/ber/index.ts'
import { parseActivationCode } from '../../protocol/identifiers/index.ts'
import type { ProfileInstallationResult, ProfileInstallationResultData } from '../../protocol/sgp22/index.ts'
import type { ProfileDownloadTriggerResult, ProvideEimPackageResult } from '../../protocol/sgp32/index.ts'
import type { Tools } from './delivery.ts'
import { downloadError } from './download-error.ts'
import { receiveEuiccData } from './euicc-data.ts'
import { applyEvent } from './inventory.ts'
import { receiveKeptResults } from './kept-results.ts'
import type { PackageResult } from './model.ts'
import { installation, receiveNotifications } from './notifications.ts'
import { receivePackageResult } from './package-results.ts'
import { andThen, disbelieve, exchangeOf, ignore, type Reception, receiveStray } from './reception.ts'
import type { RelaySession } from './relay/sessions.ts'
import { settle } from './settle.ts'
import type { EuiccState, Exchange, Turn } from './state.ts'
import { firstBroken, isVerified } from './verification.ts'

type EimPackageResult = ProvideEimPackageResult['eimPackageResult']
type IpaError = Extract<EimPackageResult, { readonly kind: 'eimPackageResultResponseError' }>['value']

export function provideEimPackageResult(state: EuiccState, result: EimPackageResult, tools: Tools): Turn<Reception> {
  switch (result.kind) {
    case 'euiccPackageResult':
      return receivePackageResult(state, result.value, tools)
    case 'ePRAndNotifications': {
      const { euiccPackageResult, notificationList } = result.value
      const first = receivePackageResult(state, euiccPackageResult, tools)
      return andThen(state, first, (between) => receiveNotifications(between, notificationList, tools.now))
    }
    case 'profileDownloadTriggerResult':
      return receiveTriggerResult(state, result.value, tools)
    case 'eimPackageResultResponseError':
      return receiveIpaError(state, result.value, tools)
    case 'ipaEuiccDataResponse':
      return receiveEuiccData(state, result.value, tools)
  }
}

/** The ProfileInstallationResult of a session that was relayed: it ends the download that was ordered, and goes on to the SM-DP+. */
export function receiveRelayedInstallation(
  state: EuiccState,
  { pir, session }: { readonly pir: ProfileInstallationResult; readonly session: RelaySession },
  tools: Tools,
): Turn<Reception> {
  const { eimTransactionId } = session
  const notification = { kind: 'profileInstallationResult', value: pir } as const
  const passOn = (between: EuiccState) => receiveNotifications(between, [notification], tools.now)
  if (eimTransactionId === undefined) return passOn(state)
  const profileDownloadTriggerResultData = notification
  const first = receiveTriggerResult(state, { eimTransactionId, profileDownloadTriggerResultData }, tools)
  return andThen(state, first, passOn)
}

/** ProfileDownloadTriggerResult: 2.11.2.3. */
function receiveTriggerResult(
  state: EuiccState,
  { eimTransactionId, profileDownloadTriggerResultData: data }: ProfileDownloadTriggerResult,
  tools: Tools,
): Turn<Reception> {
  const named = exchangeOf(state, { ...(eimTransactionId !== undefined && { eimTransactionId }) })
  const meant = named ?? installedFor(state, eimTransactionId, data)
  const exchange = meant && isDownload(meant) ? meant : undefined
  if (data.kind === 'profileInstallationResult') return receiveInstallation(state, { pir: data.value, exchange }, tools)
  if (!exchange) return ignore('package-under-way')
  return settle(state, { state, exchange, result: downloadError(data.value), acknowledged: [] }, tools)
}

/**
 * Deviation: an IPA that reports an installation under a transaction that was never given out. The eUICC has signed which SM-DP+ the profile is from: the
 * download from there that is under way.
 */
function installedFor(
  { exchange, sequenceNumber, givenUp = [] }: EuiccState,
  eimTransactionId: string | undefined,
  data: ProfileDownloadTriggerResult['profileDownloadTriggerResultData'],
): Exchange | undefined {
  if (!exchange || exchange.deliveries === 0 || data.kind !== 'profileInstallationResult') return undefined
  const { seqNumber, notificationAddress } = data.value.profileInstallationResultData.value.notificationMetadata
  const isOld = seqNumber <= sequenceNumber || givenUp.includes(eimTransactionId ?? '')
  return !isOld && smdpOf(exchange) === notificationAddress ? exchange : undefined
}

/** Undefined: nobody knows before the download. */
function smdpOf({ package: { order } }: Exchange): string | undefined {
  if (!('download' in order) || order.download.activationCode === undefined) return undefined
  const code = parseActivationCode(order.download.activationCode)
  return 'error' in code ? undefined : code.smdpAddress
}

const isDownload = ({ purpose, package: { order } }: Exchange): boolean => purpose === 'order' && 'download' in order

const isEuiccPackage = ({ purpose, package: { order } }: Exchange): boolean =>
  purpose === 'inventory' || 'psmo' in order || 'eco' in order

interface Installation {
  readonly pir: ProfileInstallationResult
  readonly exchange: Exchange | undefined
}

function receiveInstallation(state: EuiccState, { pir, exchange }: Installation, tools: Tools): Turn<Reception> {
  const { octets, value } = pir.profileInstallationResultData
  const { seqNumber: sequenceNumber } = value.notificationMetadata
  const lenient = tools.believesUnverified(state.eid)
  const claim = { state, signed: [octets], signature: pir.euiccSignPIR, sequenceNumber, exchange, lenient }
  const broken = firstBroken(claim)
  if (broken === 'sequence-number' && !exchange) return ignore(broken, [sequenceNumber])
  if (broken === 'package-under-way') return receiveStray(state, sequenceNumber)
  const result = installationResult(value, isVerified(claim))
  if (broken || !exchange || !result) return disbelieve(state, { exchange, why: broken ?? 'iccid', tools })
  const inventory = applyEvent(state.inventory, installation(value), tools.now)
  const known = { ...state, sequenceNumber, inventory }
  return settle(state, { state: known, exchange, result, acknowledged: [sequenceNumber] }, tools)
}

/** `undefined`: a profile was installed, but not which. */
function installationResult({ notificationMetadata, finalResult }: ProfileInstallationResultData, verified: boolean) {
  const { iccid } = notificationMetadata
  const kind = { kind: 'profileInstallationResult', verified } as const
  if (finalResult.kind === 'successResult')
    return iccid === undefined
      ? undefined
      : ({ ...kind, outcome: 'success', iccid, isdpAid: toHex(finalResult.value.aid) } as const)
  const { bppCommandId, errorReason } = finalResult.value
  return { ...kind, outcome: 'error', ...(iccid !== undefined && { iccid }), bppCommandId, errorReason } as const
}

/** EimPackageResultResponseError: 2.11.2. The IPA's own word, which nobody signs: it could not have the package executed, or did not learn how. */
function receiveIpaError(
  state: EuiccState,
  { eimTransactionId, eimPackageResultErrorCode: error }: IpaError,
  tools: Tools,
): Turn<Reception> {
  const exchange = exchangeOf(state, { ...(eimTransactionId !== undefined && { eimTransactionId }) })
  if (!exchange) return ignore('package-under-way')
  if (exchange.purpose === 'results') return receiveKeptResults(state, [], tools)
  const inventory = isEuiccPackage(exchange) ? { ...state.inventory, stale: true } : state.inventory
  const result: PackageResult = { kind: 'packageError', error }
  return settle(state, { state: { ...state, inventory }, exchange, result, acknowledged: [] }, tools)
}
