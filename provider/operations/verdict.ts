/** What a package's result means for its step. Result names: SGP.32 v1.2, 2.11.2; error reasons of an installation: SGP.22 v2.5, 2.5.6. */
import type { PackageOrder, PackageResult } from '../rsp/platform.ts'
import type { Failure, FailureReason, Operation } from './operation.ts'

const reasonOf: Readonly<Record<string, FailureReason>> = {
  iccidOrAidNotFound: 'not-installed',
  profileNotInDisabledState: 'not-disabled',
  profileNotInEnabledState: 'not-enabled',
  fallbackNotAllowed: 'fallback-not-allowed',
  installFailedDueToIccidAlreadyExistsOnEuicc: 'already-installed',
}

/** A result that the eUICC should have signed and the platform could not verify is nobody's word. */
export const isBelievable = (result: PackageResult): boolean =>
  result.kind !== 'euiccPackageErrorUnsigned' && (!('verified' in result) || result.verified)

/** undefined: every part of the order was carried out. */
export const failureOf = (operation: Operation, order: PackageOrder, result: PackageResult): Failure | undefined =>
  'download' in order ? downloadFailure(operation, result) : psmoFailure(order.psmo, result)

const downloadFailure = (operation: Operation, result: PackageResult): Failure | undefined => {
  if (result.kind !== 'profileInstallationResult') return { reason: 'download-failed', details: detailsOf(result) }
  if (result.outcome === 'error')
    return { reason: reasonOf[result.errorReason] ?? 'download-failed', details: detailsOf(result) }
  if (operation.iccid !== undefined && result.iccid !== operation.iccid)
    return { reason: 'iccid-mismatch', details: `The profile that was installed has ICCID ${result.iccid}.` }
  return undefined
}

/** The first part that is not `ok` ends a package. Results of parts that the platform added (listProfileInfo) are not ours to judge. */
const psmoFailure = (
  psmo: Extract<PackageOrder, { psmo: unknown }>['psmo'],
  result: PackageResult,
): Failure | undefined => {
  if (result.kind !== 'euiccPackageResult') return { reason: 'refused', details: detailsOf(result) }
  for (const part of psmo) {
    const [name] = Object.keys(part)
    const said = result.results.find(({ operation }) => operation === name)?.result
    if (said === 'ok') continue
    if (typeof said !== 'string') return { reason: 'refused', details: `${name}: ${terminationOf(result.results)}` }
    return { reason: reasonOf[said] ?? 'refused', details: `${name}: ${said}` }
  }
  return undefined
}

/** Rolled back: what was enabled carried nothing, and the eUICC has returned to what it was (SGP.32 v1.2, 3.3.2). */
const terminationOf = (results: readonly { operation: string; result: unknown }[]): string => {
  const saidOf = (name: string) => results.find(({ operation }) => operation === name)?.result
  const rollback = saidOf('rollback')
  return rollback === undefined
    ? `not carried out (${saidOf('processingTerminated') ?? 'no result'})`
    : `rolled back (${rollback})`
}

const detailsOf = (result: PackageResult): string => {
  switch (result.kind) {
    case 'profileInstallationResult':
      return result.outcome === 'error' ? `${result.bppCommandId}: ${result.errorReason}` : result.kind
    case 'profileDownloadError':
      return downloadErrorDetails(result)
    case 'euiccPackageError':
    case 'packageError':
      return `${result.kind}: ${result.error}`
    default:
      return result.kind
  }
}

const downloadErrorDetails = (error: Extract<PackageResult, { kind: 'profileDownloadError' }>): string =>
  [
    error.subjectCode && `subject ${error.subjectCode}`,
    error.reasonCode && `reason ${error.reasonCode}`,
    error.reason,
    error.detail,
  ]
    .filter(Boolean)
    .join(', ')
