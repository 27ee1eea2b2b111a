import {
  captured,
  choice,
  enumeration,
  explicit,
  named,
  retag,
  sequence,
  sequenceOf,
  utf8String,
  type ValueOf,
} from '../ber/index.ts'
import { Certificate, Octet16, Signature, SubjectKeyIdentifier, TransactionId } from './basics.ts'
import { BoundProfilePackage, StoreMetadataRequest } from './es8plus.ts'
import {
  AuthenticateServerResponse,
  CancelSessionResponse,
  PrepareDownloadResponse,
  ServerSigned1,
  SmdpSigned2,
} from './es10b.ts'
import { EUICCInfo1 } from './euicc-info.ts'
import { PendingNotification } from './notifications.ts'

/** ES9+, ASN.1 binding: SGP.22 v2.5, 5.6 and 6.6. */

/** InitiateAuthenticationRequest: 5.6.1. */
export const InitiateAuthenticationRequest = named(
  'InitiateAuthenticationRequest',
  sequence(0xbf39, {
    euiccChallenge: retag(0x81, Octet16),
    smdpAddress: utf8String(0x83),
    euiccInfo1: EUICCInfo1,
  }),
)
export type InitiateAuthenticationRequest = ValueOf<typeof InitiateAuthenticationRequest>

/** InitiateAuthenticationResponse: 5.6.1. */
export const InitiateAuthenticationResponse = explicit(
  0xbf39,
  choice('InitiateAuthenticationResponse', {
    initiateAuthenticationOk: sequence(0xa0, {
      transactionId: TransactionId,
      serverSigned1: captured(ServerSigned1),
      serverSignature1: Signature,
      euiccCiPKIdToBeUsed: SubjectKeyIdentifier,
      serverCertificate: Certificate,
    }),
    initiateAuthenticationError: enumeration(0x81, {
      invalidDpAddress: 1,
      euiccVersionNotSupportedByDp: 2,
      ciPKNotSupported: 3,
    }),
  }),
)
export type InitiateAuthenticationResponse = ValueOf<typeof InitiateAuthenticationResponse>

/** AuthenticateClientRequest: 5.6.3. */
export const AuthenticateClientRequest = named(
  'AuthenticateClientRequest',
  sequence(0xbf3b, { transactionId: TransactionId, authenticateServerResponse: AuthenticateServerResponse }),
)
export type AuthenticateClientRequest = ValueOf<typeof AuthenticateClientRequest>

/** AuthenticateClientResponseEs9: 5.6.3. downloadOrderExpired has its number since v2.7. */
export const AuthenticateClientResponseEs9 = explicit(
  0xbf3b,
  choice('AuthenticateClientResponseEs9', {
    authenticateClientOk: sequence(0xa0, {
      transactionId: TransactionId,
      profileMetaData: StoreMetadataRequest,
      smdpSigned2: captured(SmdpSigned2),
      smdpSignature2: Signature,
      smdpCertificate: Certificate,
    }),
    authenticateClientError: enumeration(0x81, {
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
      undefinedError: 127,
    }),
  }),
)
export type AuthenticateClientResponseEs9 = ValueOf<typeof AuthenticateClientResponseEs9>

/** GetBoundProfilePackageRequest: 5.6.2. */
export const GetBoundProfilePackageRequest = named(
  'GetBoundProfilePackageRequest',
  sequence(0xbf3a, { transactionId: TransactionId, prepareDownloadResponse: PrepareDownloadResponse }),
)
export type GetBoundProfilePackageRequest = ValueOf<typeof GetBoundProfilePackageRequest>

/** GetBoundProfilePackageResponse: 5.6.2. */
export const GetBoundProfilePackageResponse = explicit(
  0xbf3a,
  choice('GetBoundProfilePackageResponse', {
    getBoundProfilePackageOk: sequence(0xa0, {
      transactionId: TransactionId,
      boundProfilePackage: BoundProfilePackage,
    }),
    getBoundProfilePackageError: enumeration(0x81, {
      euiccSignatureInvalid: 1,
      confirmationCodeMissing: 2,
      confirmationCodeRefused: 3,
      confirmationCodeRetriesExceeded: 4,
      bppRebindingRefused: 5,
      downloadOrderExpired: 6,
      invalidTransactionId: 95,
      undefinedError: 127,
    }),
  }),
)
export type GetBoundProfilePackageResponse = ValueOf<typeof GetBoundProfilePackageResponse>

/** HandleNotification: 5.6.4. It has no answer. */
export const HandleNotification = named(
  'HandleNotification',
  sequence(0xbf3d, { pendingNotification: explicit(0xa0, PendingNotification) }),
)
export type HandleNotification = ValueOf<typeof HandleNotification>

/** CancelSessionRequestEs9: 5.6.5. */
export const CancelSessionRequestEs9 = named(
  'CancelSessionRequestEs9',
  sequence(0xbf41, { transactionId: TransactionId, cancelSessionResponse: retag(0xa1, CancelSessionResponse) }),
)
export type CancelSessionRequestEs9 = ValueOf<typeof CancelSessionRequestEs9>

/** CancelSessionResponseEs9: 5.6.5. */
export const CancelSessionResponseEs9 = explicit(
  0xbf41,
  choice('CancelSessionResponseEs9', {
    cancelSessionOk: sequence(0xa0, {}),
    cancelSessionError: enumeration(0x81, { invalidTransactionId: 1, euiccSignatureInvalid: 2, undefinedError: 127 }),
  }),
)
export type CancelSessionResponseEs9 = ValueOf<typeof CancelSessionResponseEs9>

/** AuthenticateClientResponseEs11: 5.8.2. An SM-DS tells where profiles wait for the eUICC. */
export const AuthenticateClientResponseEs11 = explicit(
  0xbf40,
  choice('AuthenticateClientResponseEs11', {
    authenticateClientOk: sequence(0xa0, {
      transactionId: TransactionId,
      eventEntries: sequenceOf(0xa1, sequence(0x30, { eventId: utf8String(0x80), rspServerAddress: utf8String(0x81) })),
    }),
    authenticateClientError: enumeration(0x81, {
      eumCertificateInvalid: 1,
      eumCertificateExpired: 2,
      euiccCertificateInvalid: 3,
      euiccCertificateExpired: 4,
      euiccSignatureInvalid: 5,
      eventIdUnknown: 6,
      invalidTransactionId: 7,
      undefinedError: 127,
    }),
  }),
)
export type AuthenticateClientResponseEs11 = ValueOf<typeof AuthenticateClientResponseEs11>

/** RemoteProfileProvisioningRequest: 6.6. */
export const RemoteProfileProvisioningRequest = explicit(
  0xa2,
  choice('RemoteProfileProvisioningRequest', {
    initiateAuthenticationRequest: InitiateAuthenticationRequest,
    authenticateClientRequest: AuthenticateClientRequest,
    getBoundProfilePackageRequest: GetBoundProfilePackageRequest,
    cancelSessionRequestEs9: CancelSessionRequestEs9,
    handleNotification: HandleNotification,
  }),
)
export type RemoteProfileProvisioningRequest = ValueOf<typeof RemoteProfileProvisioningRequest>

/** RemoteProfileProvisioningResponse: 6.6. */
export const RemoteProfileProvisioningResponse = explicit(
  0xa2,
  choice('RemoteProfileProvisioningResponse', {
    initiateAuthenticationResponse: InitiateAuthenticationResponse,
    authenticateClientResponseEs9: AuthenticateClientResponseEs9,
    getBoundProfilePackageResponse: GetBoundProfilePackageResponse,
    cancelSessionResponseEs9: CancelSessionResponseEs9,
    authenticateClientResponseEs11: AuthenticateClientResponseEs11,
  }),
)
export type RemoteProfileProvisioningResponse = ValueOf<typeof RemoteProfileProvisioningResponse>
