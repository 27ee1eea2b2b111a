import {
  boolean,
  type ChoiceValue,
  captured,
  choice,
  exactly,
  explicit,
  integer,
  named,
  octetString,
  optional,
  retag,
  type Schema,
  sequence,
  type TaggedSchema,
  utf8String,
  type ValueOf,
  withDefault,
} from '../ber/index.ts'
import {
  AuthenticateResponseError,
  CancelSessionReason,
  CancelSessionResponseOk,
  Certificate,
  CtxParams1,
  cancelSessionResponseError,
  EidValue,
  ErrorResult,
  NotificationMetadata,
  Octet16,
  Octet32,
  OneTimePublicKey,
  OtherSignedNotification,
  PrepareDownloadResponseError,
  PrepareDownloadResponseOk,
  ProfileInstallationResult,
  Signature,
  TransactionId,
} from '../sgp22/index.ts'
import { EUICCInfo2 } from './profiles.ts'

/**
 * Answers of ES10b in an RSP session with the compact forms in which an IPA forwards them: SGP.32 v1.2, 2.12. A compact form leaves out what the eIM
 * knows; its signature covers the full form, which the eIM restores.
 */

/** EuiccSigned1. */
const euiccSigned1 = named(
  'EuiccSigned1',
  sequence(0x30, {
    transactionId: TransactionId,
    serverAddress: utf8String(0x83),
    serverChallenge: retag(0x84, Octet16),
    euiccInfo2: EUICCInfo2,
    ctxParams1: CtxParams1,
  }),
)
export interface EuiccSigned1 extends ValueOf<typeof euiccSigned1> {}
export const EuiccSigned1: TaggedSchema<EuiccSigned1> = euiccSigned1

/** CompactAuthenticateResponseOk. */
const CompactAuthenticateResponseOk = sequence(0xa2, {
  signedData: choice('signedData', {
    euiccSigned1: captured(EuiccSigned1),
    compactEuiccSigned1: sequence(0xa0, {
      extCardResource: octetString(0x84),
      ctxParams1: optional(explicit(0xa2, CtxParams1)),
    }),
  }),
  euiccSignature1: Signature,
  euiccCertificate: optional(retag(0xa1, Certificate)),
  eumCertificate: optional(retag(0xa2, Certificate)),
})

/** AuthenticateServerResponse. */
const authenticateServerResponse = {
  authenticateResponseOk: sequence(0xa0, {
    euiccSigned1: captured(EuiccSigned1),
    euiccSignature1: Signature,
    euiccCertificate: Certificate,
    eumCertificate: Certificate,
  }),
  authenticateResponseError: retag(0xa1, AuthenticateResponseError),
  compactAuthenticateResponseOk: CompactAuthenticateResponseOk,
}
export type AuthenticateServerResponse = ChoiceValue<typeof authenticateServerResponse>
export const AuthenticateServerResponse: TaggedSchema<AuthenticateServerResponse> = explicit(
  0xbf38,
  choice('AuthenticateServerResponse', authenticateServerResponse),
)

/** PrepareDownloadResponse. The compact form leaves euiccOtpk out when the package is bound to it already. */
const prepareDownloadResponse = {
  downloadResponseOk: retag(0xa0, PrepareDownloadResponseOk),
  downloadResponseError: retag(0xa1, PrepareDownloadResponseError),
  compactDownloadResponseOk: sequence(0xa2, {
    compactEuiccSigned2: sequence(0x30, { euiccOtpk: optional(OneTimePublicKey), hashCc: optional(Octet32) }),
    euiccSignature2: Signature,
  }),
}
export type PrepareDownloadResponse = ChoiceValue<typeof prepareDownloadResponse>
export const PrepareDownloadResponse: TaggedSchema<PrepareDownloadResponse> = explicit(
  0xbf21,
  choice('PrepareDownloadResponse', prepareDownloadResponse),
)

/** CancelSessionResponse. */
const cancelSessionResponse = {
  cancelSessionResponseOk: retag(0xa0, CancelSessionResponseOk),
  cancelSessionResponseError,
  compactCancelSessionResponseOk: sequence(0xa2, {
    compactEuiccCancelSessionSigned: sequence(0x30, { reason: optional(retag(0x80, CancelSessionReason)) }),
    euiccCancelSessionSignature: Signature,
  }),
}
export type CancelSessionResponse = ChoiceValue<typeof cancelSessionResponse>
export const CancelSessionResponse: TaggedSchema<CancelSessionResponse> = explicit(
  0xbf41,
  choice('CancelSessionResponse', cancelSessionResponse),
)

/**
 * CompactProfileInstallationResult. compactAid: octets 14 and 15 of the AID of the ISD-P; simaResponse is absent when it is the nine octets of
 * plain success.
 */
const CompactProfileInstallationResult = sequence(0xa0, {
  compactProfileInstallationResultData: sequence(0xa0, {
    transactionId: TransactionId,
    seqNumber: integer(),
    iccidPresent: withDefault(boolean(), true),
    compactFinalResult: explicit(
      0xa2,
      choice('compactFinalResult', {
        compactSuccessResult: sequence(0xa0, {
          compactAid: octetString(0x4f, exactly(2)),
          simaResponse: optional(octetString()),
        }),
        errorResult: retag(0xa1, ErrorResult),
      }),
    ),
  }),
  euiccSignPIR: Signature,
})

/** PendingNotification. */
const pendingNotification = {
  profileInstallationResult: ProfileInstallationResult,
  otherSignedNotification: OtherSignedNotification,
  compactProfileInstallationResult: CompactProfileInstallationResult,
  compactOtherSignedNotification: sequence(0xa1, {
    eidValue: optional(EidValue),
    tbsOtherNotification: captured(NotificationMetadata),
    euiccNotificationSignature: Signature,
  }),
}
export type PendingNotification = ChoiceValue<typeof pendingNotification>
export const PendingNotification: Schema<PendingNotification> = choice('PendingNotification', pendingNotification)
