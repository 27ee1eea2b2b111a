import type { reasons, StatusCode, subjects } from './rsp-status.ts'

/** One error of a function: its status code in the JSON binding and its name in the ASN.1 binding. */
export interface ErrorRow {
  readonly subjectCode: keyof typeof subjects
  readonly reasonCode: keyof typeof reasons
  readonly error: string
}

const row = <S extends ErrorRow['subjectCode'], R extends ErrorRow['reasonCode'], E extends string>(
  subjectCode: S,
  reasonCode: R,
  error: E,
) => ({ subjectCode, reasonCode, error }) as const

/** A row that stands before the others of a function: the first that fits decides. */
const expired = row('8.8.5', '4.10', 'downloadOrderExpired')

const es9plusV25 = {
  initiateAuthentication: [
    row('8.8.1', '3.8', 'invalidDpAddress'),
    row('8.8.3', '3.1', 'euiccVersionNotSupportedByDp'),
    row('8.8.2', '3.1', 'ciPKNotSupported'),
    row('8.8.4', '3.7', 'ciPKNotSupported'),
  ],
  authenticateClient: [
    row('8.10.1', '3.9', 'invalidTransactionId'),
    row('8.11.1', '3.9', 'ciPKUnknown'),
    row('8.1.2', '6.1', 'eumCertificateInvalid'),
    row('8.1.2', '6.3', 'eumCertificateExpired'),
    row('8.1.3', '6.1', 'euiccCertificateInvalid'),
    row('8.1.3', '6.3', 'euiccCertificateExpired'),
    row('8.1', '6.1', 'euiccSignatureInvalid'),
    row('8.2.6', '3.8', 'matchingIdRefused'),
    row('8.1.1', '3.8', 'eidMismatch'),
    row('8.2.5', '4.3', 'noEligibleProfile'),
    row('8.1', '4.8', 'insufficientMemory'),
    row('8.2', '1.2', 'undefinedError'),
    row('8.8.5', '6.4', 'undefinedError'),
    row('8.8.5', '4.10', 'undefinedError'),
  ],
  getBoundProfilePackage: [
    row('8.10.1', '3.9', 'invalidTransactionId'),
    row('8.1', '6.1', 'euiccSignatureInvalid'),
    row('8.2.7', '2.2', 'confirmationCodeMissing'),
    row('8.2.7', '3.8', 'confirmationCodeRefused'),
    row('8.2.7', '6.4', 'confirmationCodeRetriesExceeded'),
    row('8.2', '3.7', 'bppRebindingRefused'),
    row('8.8.5', '4.10', 'downloadOrderExpired'),
  ],
  cancelSession: [
    row('8.10.1', '3.9', 'invalidTransactionId'),
    row('8.1', '6.1', 'euiccSignatureInvalid'),
    row('8.8', '3.10', 'undefinedError'),
  ],
} as const

const esipaV12 = {
  initiateAuthentication: [
    row('8.8.1', '3.8', 'invalidDpAddress'),
    row('8.9.1', '3.8', 'invalidDpAddress'),
    row('8.8.3', '3.1', 'euiccVersionNotSupportedByDp'),
    row('8.9.3', '3.1', 'euiccVersionNotSupportedByDp'),
    row('8.8.2', '3.1', 'ciPKIdNotSupported'),
    row('8.9.2', '3.1', 'ciPKIdNotSupported'),
    row('8.8.4', '3.7', 'ciPKIdNotSupported'),
    row('8.9.4', '3.7', 'ciPKIdNotSupported'),
    row('8.8.1', '3.10', 'smdpAddressMismatch'),
    row('8.8', '3.10', 'smdpOidMismatch'),
    row('8.31.2', '3.10', 'invalidEimTransactionId'),
  ],
  authenticateClient: [
    row('8.1.2', '6.1', 'eumCertificateInvalid'),
    row('8.1.2', '6.3', 'eumCertificateExpired'),
    row('8.1.3', '6.1', 'euiccCertificateInvalid'),
    row('8.1.3', '6.3', 'euiccCertificateExpired'),
    row('8.1', '6.1', 'euiccSignatureInvalid'),
    row('8.2.6', '3.8', 'matchingIdRefused'),
    row('8.1.1', '3.8', 'eidMismatch'),
    row('8.2.5', '4.3', 'noEligibleProfile'),
    row('8.2', '1.2', 'noEligibleProfile'),
    row('8.11.1', '3.9', 'ciPKUnknown'),
    row('8.10.1', '3.9', 'invalidTransactionId'),
    row('8.1', '4.8', 'insufficientMemory'),
    row('8.2.8', '1.2', 'pprNotAllowed'),
    row('8.9.5', '3.9', 'eventIdUnknown'),
    row('8.8.5', '6.4', 'undefinedError'),
    row('8.8.5', '4.10', 'undefinedError'),
  ],
  getBoundProfilePackage: [...es9plusV25.getBoundProfilePackage, row('8.2.9', '3.11', 'metadataMismatch')],
  cancelSession: es9plusV25.cancelSession,
  getEimPackage: [
    row('8.1.1', '3.7', 'noEimPackageAvailable'),
    row('8.1.1', '3.9', 'eidNotFound'),
    row('8.1.1', '2.1', 'invalidEid'),
    row('8.1.1', '2.2', 'missingEid'),
  ],
  provideEimPackageResult: [
    row('8.1.1', '3.9', 'eidNotFound'),
    row('8.1.1', '2.1', 'invalidEid'),
    row('8.1.1', '2.2', 'missingEid'),
  ],
} as const

/**
 * Errors of ES9+: SGP.22, 5.6, by the first version that has them. SGP.22 v2.7 gives the expired order a number of its own.
 * Unverified: which number 8.2/1.2 and 8.8.5/6.4 have.
 */
export const es9plusErrors = {
  '2.5': es9plusV25,
  '2.7': { ...es9plusV25, authenticateClient: [expired, ...es9plusV25.authenticateClient] },
} as const

/**
 * Errors of ESipa: SGP.32, 6.3 and 6.4, by the first version that has them. Unverified: eventIdUnknown; the JSON binding does not define the case of
 * the SM-DS.
 */
export const esipaErrors = {
  '1.2': esipaV12,
  '1.3': { ...esipaV12, authenticateClient: [expired, ...esipaV12.authenticateClient] },
} as const

/** Errors of ES11: SGP.22 v2.5, 5.8. */
export const es11Errors = {
  initiateAuthentication: [
    row('8.9.1', '3.8', 'invalidDpAddress'),
    row('8.9.3', '3.1', 'euiccVersionNotSupportedByDp'),
    row('8.9.2', '3.1', 'ciPKNotSupported'),
    row('8.9.4', '3.7', 'ciPKNotSupported'),
  ],
  authenticateClient: [
    row('8.10.1', '3.9', 'invalidTransactionId'),
    row('8.11.1', '3.9', 'undefinedError'),
    row('8.1.2', '6.1', 'eumCertificateInvalid'),
    row('8.1.2', '6.3', 'eumCertificateExpired'),
    row('8.1.3', '6.1', 'euiccCertificateInvalid'),
    row('8.1.3', '6.3', 'euiccCertificateExpired'),
    row('8.1', '6.1', 'euiccSignatureInvalid'),
    row('8.9.5', '3.9', 'eventIdUnknown'),
  ],
} as const

/** The name in the ASN.1 binding of an error of the JSON binding: `undefinedError` when the function has none for it. */
export function errorOf<Row extends ErrorRow>(
  rows: readonly Row[],
  status: StatusCode,
): Row['error'] | 'undefinedError' {
  const { subjectCode, reasonCode } = status
  return rows.find((r) => r.subjectCode === subjectCode && r.reasonCode === reasonCode)?.error ?? 'undefinedError'
}

/** The status code of an error of the ASN.1 binding: the first of those that have this name. */
export function statusOf<Row extends ErrorRow>(rows: readonly Row[], error: Row['error']): StatusCode {
  const found = rows.find((r) => r.error === error)
  if (!found) throw new Error(`No status code is known for ${error}`)
  return { subjectCode: found.subjectCode, reasonCode: found.reasonCode }
}
