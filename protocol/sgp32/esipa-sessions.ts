import {
  captured,
  choice,
  enumeration,
  explicit,
  named,
  octetString,
  optional,
  retag,
  sequence,
  utf8String,
  type ValueOf,
} from '../ber/index.ts'
import {
  BoundProfilePackage,
  Certificate,
  CtxParams1,
  EUICCInfo1,
  Octet16,
  Octet32,
  ServerSigned1,
  Signature,
  SmdpSigned2,
  TransactionId,
} from '../sgp22/index.ts'
import { ProfileDownloadTriggerRequest } from './eim-packages.ts'
import { EimTransactionId } from './packages.ts'
import { StoreMetadataRequest } from './profiles.ts'
import { AuthenticateServerResponse, CancelSessionResponse, PrepareDownloadResponse } from './sessions.ts'

/** ESipa, ASN.1 binding, the functions of an RSP session: SGP.32 v1.2, 5.14 and 6.3. Compact forms are in sessions.ts. */

/** InitiateAuthenticationRequestEsipa. */
export const InitiateAuthenticationRequestEsipa = named(
  'InitiateAuthenticationRequestEsipa',
  sequence(0xbf39, {
    euiccChallenge: retag(0x81, Octet16),
    smdpAddress: optional(utf8String(0x83)),
    euiccInfo1: optional(EUICCInfo1),
    eimTransactionId: optional(EimTransactionId),
  }),
)
export type InitiateAuthenticationRequestEsipa = ValueOf<typeof InitiateAuthenticationRequestEsipa>

/** InitiateAuthenticationResponseEsipa. The key identifier may be truncated. */
export const InitiateAuthenticationResponseEsipa = explicit(
  0xbf39,
  choice('InitiateAuthenticationResponseEsipa', {
    initiateAuthenticationOkEsipa: sequence(0xa0, {
      transactionId: optional(TransactionId),
      serverSigned1: captured(ServerSigned1),
      serverSignature1: Signature,
      euiccCiPKIdentifierToBeUsed: octetString(),
      serverCertificate: Certificate,
      matchingId: optional(utf8String()),
      ctxParams1: optional(explicit(0xa2, CtxParams1)),
    }),
    initiateAuthenticationErrorEsipa: enumeration(0x81, {
      invalidDpAddress: 1,
      euiccVersionNotSupportedByDp: 2,
      ciPKIdNotSupported: 3,
      smdpAddressMismatch: 50,
      smdpOidMismatch: 51,
      invalidEimTransactionId: 52,
      undefinedError: 127,
    }),
  }),
)
export type InitiateAuthenticationResponseEsipa = ValueOf<typeof InitiateAuthenticationResponseEsipa>

/** AuthenticateClientRequestEsipa. */
export const AuthenticateClientRequestEsipa = named(
  'AuthenticateClientRequestEsipa',
  sequence(0xbf3b, { transactionId: TransactionId, authenticateServerResponse: AuthenticateServerResponse }),
)
export type AuthenticateClientRequestEsipa = ValueOf<typeof AuthenticateClientRequestEsipa>

/**
 * AuthenticateClientResponseEsipa. hashCc is present when the eIM handles the confirmation code; downloadOrderExpired has its
 * number since v1.3.
 */
export const AuthenticateClientResponseEsipa = explicit(
  0xbf3b,
  choice('AuthenticateClientResponseEsipa', {
    authenticateClientOkDPEsipa: sequence(0xa0, {
      transactionId: optional(TransactionId),
      profileMetaData: optional(StoreMetadataRequest),
      smdpSigned2: captured(SmdpSigned2),
      smdpSignature2: Signature,
      smdpCertificate: Certificate,
      hashCc: optional(Octet32),
    }),
    authenticateClientOkDSEsipa: sequence(0xa1, {
      transactionId: TransactionId,
      profileDownloadTrigger: optional(ProfileDownloadTriggerRequest),
    }),
    authenticateClientErrorEsipa: enumeration(0x82, {
      eumCertificateInvalid: 1,
      eumCertificateExpired: 2,
      euiccCertificateInvalid: 3,
      euiccCertificateExpired: 4,
      euiccSignatureInvalid: 5,
      matchingIdRefused: 6,
      eidMismatch: 7,
      noEligibleProfile: 8,
      ciPKUnknown: 9,
      invalidTransactionId: 10,
      insufficientMemory: 11,
      downloadOrderExpired: 18,
      pprNotAllowed: 50,
      eventIdUnknown: 56,
      undefinedError: 127,
    }),
  }),
)
export type AuthenticateClientResponseEsipa = ValueOf<typeof AuthenticateClientResponseEsipa>

/** GetBoundProfilePackageRequestEsipa. */
export const GetBoundProfilePackageRequestEsipa = named(
  'GetBoundProfilePackageRequestEsipa',
  sequence(0xbf3a, { transactionId: TransactionId, prepareDownloadResponse: PrepareDownloadResponse }),
)
export type GetBoundProfilePackageRequestEsipa = ValueOf<typeof GetBoundProfilePackageRequestEsipa>

/** GetBoundProfilePackageResponseEsipa. */
export const GetBoundProfilePackageResponseEsipa = explicit(
  0xbf3a,
  choice('GetBoundProfilePackageResponseEsipa', {
    getBoundProfilePackageOkEsipa: sequence(0xa0, {
      transactionId: optional(TransactionId),
      boundProfilePackage: BoundProfilePackage,
    }),
    getBoundProfilePackageErrorEsipa: enumeration(0x81, {
      euiccSignatureInvalid: 1,
      confirmationCodeMissing: 2,
      confirmationCodeRefused: 3,
      confirmationCodeRetriesExceeded: 4,
      bppRebindingRefused: 5,
      downloadOrderExpired: 6,
      metadataMismatch: 50,
      invalidTransactionId: 95,
      undefinedError: 127,
    }),
  }),
)
export type GetBoundProfilePackageResponseEsipa = ValueOf<typeof GetBoundProfilePackageResponseEsipa>

/** CancelSessionRequestEsipa. */
export const CancelSessionRequestEsipa = named(
  'CancelSessionRequestEsipa',
  sequence(0xbf41, { transactionId: TransactionId, cancelSessionResponse: retag(0xa1, CancelSessionResponse) }),
)
export type CancelSessionRequestEsipa = ValueOf<typeof CancelSessionRequestEsipa>

/** CancelSessionResponseEsipa. */
export const CancelSessionResponseEsipa = explicit(
  0xbf41,
  choice('CancelSessionResponseEsipa', {
    cancelSessionOk: sequence(0xa0, {}),
    cancelSessionError: enumeration(0x81, { invalidTransactionId: 1, euiccSignatureInvalid: 2, undefinedError: 127 }),
  }),
)
export type CancelSessionResponseEsipa = ValueOf<typeof CancelSessionResponseEsipa>
