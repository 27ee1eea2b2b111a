import {
  boolean,
  captured,
  choice,
  enumeration,
  explicit,
  integer,
  named,
  octetString,
  oid,
  optional,
  retag,
  sequence,
  sequenceOf,
  utf8String,
  type ValueOf,
} from '../ber/index.ts'
import {
  Certificate,
  Octet16,
  Octet32,
  OneTimePublicKey,
  Signature,
  SubjectKeyIdentifier,
  TransactionId,
} from './basics.ts'
import { DeviceInfo, EUICCInfo2 } from './euicc-info.ts'

/** ES10b, authentication and download: SGP.22 v2.5, 5.7. What a signature covers is captured. */

/** GetEuiccChallengeRequest: 5.7.7. */
export const GetEuiccChallengeRequest = named('GetEuiccChallengeRequest', sequence(0xbf2e, {}))

/** GetEuiccChallengeResponse: 5.7.7. */
export const GetEuiccChallengeResponse = named(
  'GetEuiccChallengeResponse',
  sequence(0xbf2e, { euiccChallenge: retag(0x80, Octet16) }),
)
export type GetEuiccChallengeResponse = ValueOf<typeof GetEuiccChallengeResponse>

/** ServerSigned1. */
export const ServerSigned1 = named(
  'ServerSigned1',
  sequence(0x30, {
    transactionId: TransactionId,
    euiccChallenge: retag(0x81, Octet16),
    serverAddress: utf8String(0x83),
    serverChallenge: retag(0x84, Octet16),
  }),
)
export type ServerSigned1 = ValueOf<typeof ServerSigned1>

/** CtxParams1. */
export const CtxParams1 = choice('CtxParams1', {
  ctxParamsForCommonAuthentication: sequence(0xa0, {
    matchingId: optional(utf8String(0x80)),
    deviceInfo: retag(0xa1, DeviceInfo),
  }),
})
export type CtxParams1 = ValueOf<typeof CtxParams1>

/** AuthenticateServerRequest: 5.7.13. */
export const AuthenticateServerRequest = named(
  'AuthenticateServerRequest',
  sequence(0xbf38, {
    serverSigned1: captured(ServerSigned1),
    serverSignature1: Signature,
    euiccCiPKIdToBeUsed: SubjectKeyIdentifier,
    serverCertificate: Certificate,
    ctxParams1: CtxParams1,
  }),
)
export type AuthenticateServerRequest = ValueOf<typeof AuthenticateServerRequest>

/** EuiccSigned1. */
export const EuiccSigned1 = named(
  'EuiccSigned1',
  sequence(0x30, {
    transactionId: TransactionId,
    serverAddress: utf8String(0x83),
    serverChallenge: retag(0x84, Octet16),
    euiccInfo2: EUICCInfo2,
    ctxParams1: CtxParams1,
  }),
)
export type EuiccSigned1 = ValueOf<typeof EuiccSigned1>

/** AuthenticateResponseError. */
export const AuthenticateResponseError = named(
  'AuthenticateResponseError',
  sequence(0x30, {
    transactionId: TransactionId,
    authenticateErrorCode: enumeration(0x02, {
      invalidCertificate: 1,
      invalidSignature: 2,
      unsupportedCurve: 3,
      noSessionContext: 4,
      invalidOid: 5,
      euiccChallengeMismatch: 6,
      ciPKUnknown: 7,
      undefinedError: 127,
    }),
  }),
)
export type AuthenticateResponseError = ValueOf<typeof AuthenticateResponseError>

/** AuthenticateServerResponse: 5.7.13. */
export const AuthenticateServerResponse = explicit(
  0xbf38,
  choice('AuthenticateServerResponse', {
    authenticateResponseOk: sequence(0xa0, {
      euiccSigned1: captured(EuiccSigned1),
      euiccSignature1: Signature,
      euiccCertificate: Certificate,
      eumCertificate: Certificate,
    }),
    authenticateResponseError: retag(0xa1, AuthenticateResponseError),
  }),
)
export type AuthenticateServerResponse = ValueOf<typeof AuthenticateServerResponse>

/** SmdpSigned2. bppEuiccOtpk: the key of the eUICC that the package is bound to already. */
export const SmdpSigned2 = named(
  'SmdpSigned2',
  sequence(0x30, {
    transactionId: TransactionId,
    ccRequiredFlag: boolean(),
    bppEuiccOtpk: optional(OneTimePublicKey),
  }),
)
export type SmdpSigned2 = ValueOf<typeof SmdpSigned2>

/** PrepareDownloadRequest: 5.7.5. hashCc: hash of the confirmation code. */
export const PrepareDownloadRequest = named(
  'PrepareDownloadRequest',
  sequence(0xbf21, {
    smdpSigned2: captured(SmdpSigned2),
    smdpSignature2: Signature,
    hashCc: optional(Octet32),
    smdpCertificate: Certificate,
  }),
)
export type PrepareDownloadRequest = ValueOf<typeof PrepareDownloadRequest>

/** EUICCSigned2. */
export const EUICCSigned2 = named(
  'EUICCSigned2',
  sequence(0x30, { transactionId: TransactionId, euiccOtpk: OneTimePublicKey, hashCc: optional(Octet32) }),
)
export type EUICCSigned2 = ValueOf<typeof EUICCSigned2>

/** PrepareDownloadResponseOk. */
export const PrepareDownloadResponseOk = named(
  'PrepareDownloadResponseOk',
  sequence(0x30, { euiccSigned2: captured(EUICCSigned2), euiccSignature2: Signature }),
)
export type PrepareDownloadResponseOk = ValueOf<typeof PrepareDownloadResponseOk>

/** PrepareDownloadResponseError. */
export const PrepareDownloadResponseError = named(
  'PrepareDownloadResponseError',
  sequence(0x30, {
    transactionId: TransactionId,
    downloadErrorCode: enumeration(0x02, {
      invalidCertificate: 1,
      invalidSignature: 2,
      unsupportedCurve: 3,
      noSessionContext: 4,
      invalidTransactionId: 5,
      undefinedError: 127,
    }),
  }),
)
export type PrepareDownloadResponseError = ValueOf<typeof PrepareDownloadResponseError>

/** PrepareDownloadResponse: 5.7.5. */
export const PrepareDownloadResponse = explicit(
  0xbf21,
  choice('PrepareDownloadResponse', {
    downloadResponseOk: retag(0xa0, PrepareDownloadResponseOk),
    downloadResponseError: retag(0xa1, PrepareDownloadResponseError),
  }),
)
export type PrepareDownloadResponse = ValueOf<typeof PrepareDownloadResponse>

/** CancelSessionReason. */
export const CancelSessionReason = enumeration(0x02, {
  endUserRejection: 0,
  postponed: 1,
  timeout: 2,
  pprNotAllowed: 3,
  metadataMismatch: 4,
  loadBppExecutionError: 5,
  undefinedReason: 127,
})
export type CancelSessionReason = ValueOf<typeof CancelSessionReason>

/** CancelSessionRequest: 5.7.14. */
export const CancelSessionRequest = named(
  'CancelSessionRequest',
  sequence(0xbf41, { transactionId: TransactionId, reason: retag(0x81, CancelSessionReason) }),
)
export type CancelSessionRequest = ValueOf<typeof CancelSessionRequest>

/** EuiccCancelSessionSigned. smdpOid: the one in CERT.DPauth.ECDSA. */
export const EuiccCancelSessionSigned = named(
  'EuiccCancelSessionSigned',
  sequence(0x30, { transactionId: TransactionId, smdpOid: oid(0x81), reason: retag(0x82, CancelSessionReason) }),
)
export type EuiccCancelSessionSigned = ValueOf<typeof EuiccCancelSessionSigned>

/** CancelSessionResponseOk. */
export const CancelSessionResponseOk = named(
  'CancelSessionResponseOk',
  sequence(0x30, {
    euiccCancelSessionSigned: captured(EuiccCancelSessionSigned),
    euiccCancelSessionSignature: Signature,
  }),
)
export type CancelSessionResponseOk = ValueOf<typeof CancelSessionResponseOk>

/** What stands in CancelSessionResponse instead of CancelSessionResponseOk. */
export const cancelSessionResponseError = enumeration(0x81, { invalidTransactionId: 5, undefinedError: 127 })

/** CancelSessionResponse: 5.7.14. */
export const CancelSessionResponse = explicit(
  0xbf41,
  choice('CancelSessionResponse', {
    cancelSessionResponseOk: retag(0xa0, CancelSessionResponseOk),
    cancelSessionResponseError,
  }),
)
export type CancelSessionResponse = ValueOf<typeof CancelSessionResponse>

/** LoadCRLRequest: 5.7.12. crl: the content of a CertificateList, whose tag 30 the tag of the component replaces. */
export const LoadCRLRequest = named('LoadCRLRequest', sequence(0xbf35, { crl: octetString(0xa0) }))
export type LoadCRLRequest = ValueOf<typeof LoadCRLRequest>

/** LoadCRLResponse: 5.7.12. missingParts: numbers of the partial CRLs that are still to come. */
export const LoadCRLResponse = explicit(
  0xbf35,
  choice('LoadCRLResponse', {
    loadCRLResponseOk: sequence(0xa0, { missingParts: optional(sequenceOf(0xa0, integer())) }),
    loadCRLResponseError: enumeration(0x81, {
      invalidSignature: 1,
      invalidCRLFormat: 2,
      notEnoughMemorySpace: 3,
      verificationKeyNotFound: 4,
      fresherCrlAlreadyLoaded: 5,
      baseCrlMissing: 6,
      undefinedError: 127,
    }),
  }),
)
export type LoadCRLResponse = ValueOf<typeof LoadCRLResponse>
