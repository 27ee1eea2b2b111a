import {
  type ChoiceValue,
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
  type Schema,
  sequence,
  sequenceOf,
  type TaggedSchema,
  utf8String,
  type ValueOf,
} from '../ber/index.ts'
import { Certificate, Iccid, NotificationEvent, Signature, TransactionId } from './basics.ts'

/** Notifications: SGP.22 v2.5, 3.5, and the ES10b functions for them, 5.7.9 to 5.7.11. */

/** NotificationMetadata. Exactly one event is set. */
const notificationMetadata = named(
  'NotificationMetadata',
  sequence(0xbf2f, {
    seqNumber: integer(0x80),
    profileManagementOperation: retag(0x81, NotificationEvent),
    notificationAddress: utf8String(),
    iccid: optional(Iccid),
  }),
)
export interface NotificationMetadata extends ValueOf<typeof notificationMetadata> {}
export const NotificationMetadata: TaggedSchema<NotificationMetadata> = notificationMetadata

/** ErrorResult. */
const errorResult = named(
  'ErrorResult',
  sequence(0x30, {
    bppCommandId: enumeration(0x80, {
      initialiseSecureChannel: 0,
      configureISDP: 1,
      storeMetadata: 2,
      storeMetadata2: 3,
      replaceSessionKeys: 4,
      loadProfileElements: 5,
    }),
    errorReason: enumeration(0x81, {
      incorrectInputValues: 1,
      invalidSignature: 2,
      invalidTransactionId: 3,
      unsupportedCrtValues: 4,
      unsupportedRemoteOperationType: 5,
      unsupportedProfileClass: 6,
      scp03tStructureError: 7,
      scp03tSecurityError: 8,
      installFailedDueToIccidAlreadyExistsOnEuicc: 9,
      installFailedDueToInsufficientMemoryForProfile: 10,
      installFailedDueToInterruption: 11,
      installFailedDueToPEProcessingError: 12,
      installFailedDueToDataMismatch: 13,
      testProfileInstallFailedDueToInvalidNaaKey: 14,
      pprNotAllowed: 15,
      installFailedDueToUnknownError: 127,
    }),
    simaResponse: optional(octetString(0x82)),
  }),
)
export interface ErrorResult extends ValueOf<typeof errorResult> {}
export const ErrorResult: TaggedSchema<ErrorResult> = errorResult

/** ProfileInstallationResultData. simaResponse: one or more EUICCResponse of the profile package. */
const profileInstallationResultData = named(
  'ProfileInstallationResultData',
  sequence(0xbf27, {
    transactionId: TransactionId,
    notificationMetadata: NotificationMetadata,
    smdpOid: oid(),
    finalResult: explicit(
      0xa2,
      choice('finalResult', {
        successResult: sequence(0xa0, { aid: octetString(0x4f, { min: 5, max: 16 }), simaResponse: octetString() }),
        errorResult: retag(0xa1, ErrorResult),
      }),
    ),
  }),
)
export interface ProfileInstallationResultData extends ValueOf<typeof profileInstallationResultData> {}
export const ProfileInstallationResultData: TaggedSchema<ProfileInstallationResultData> = profileInstallationResultData

/** ProfileInstallationResult: 2.5.6. */
const profileInstallationResult = named(
  'ProfileInstallationResult',
  sequence(0xbf37, {
    profileInstallationResultData: captured(ProfileInstallationResultData),
    euiccSignPIR: Signature,
  }),
)
export interface ProfileInstallationResult extends ValueOf<typeof profileInstallationResult> {}
export const ProfileInstallationResult: TaggedSchema<ProfileInstallationResult> = profileInstallationResult

/** OtherSignedNotification. */
const otherSignedNotification = named(
  'OtherSignedNotification',
  sequence(0x30, {
    tbsOtherNotification: captured(NotificationMetadata),
    euiccNotificationSignature: Signature,
    euiccCertificate: Certificate,
    eumCertificate: Certificate,
  }),
)
export interface OtherSignedNotification extends ValueOf<typeof otherSignedNotification> {}
export const OtherSignedNotification: TaggedSchema<OtherSignedNotification> = otherSignedNotification

/** PendingNotification. */
const pendingNotification = {
  profileInstallationResult: ProfileInstallationResult,
  otherSignedNotification: OtherSignedNotification,
}
export type PendingNotification = ChoiceValue<typeof pendingNotification>
export const PendingNotification: Schema<PendingNotification> = choice('PendingNotification', pendingNotification)

/** ListNotificationRequest: 5.7.9. */
export const ListNotificationRequest = named(
  'ListNotificationRequest',
  sequence(0xbf28, { profileManagementOperation: optional(retag(0x81, NotificationEvent)) }),
)
export type ListNotificationRequest = ValueOf<typeof ListNotificationRequest>

/** ListNotificationResponse: 5.7.9. */
export const ListNotificationResponse = explicit(
  0xbf28,
  choice('ListNotificationResponse', {
    notificationMetadataList: sequenceOf(0xa0, NotificationMetadata),
    listNotificationsResultError: enumeration(0x81, { undefinedError: 127 }),
  }),
)
export type ListNotificationResponse = ValueOf<typeof ListNotificationResponse>

/** RetrieveNotificationsListRequest: 5.7.10. */
export const RetrieveNotificationsListRequest = named(
  'RetrieveNotificationsListRequest',
  sequence(0xbf2b, {
    searchCriteria: optional(
      explicit(
        0xa0,
        choice('searchCriteria', {
          seqNumber: integer(0x80),
          profileManagementOperation: retag(0x81, NotificationEvent),
        }),
      ),
    ),
  }),
)
export type RetrieveNotificationsListRequest = ValueOf<typeof RetrieveNotificationsListRequest>

/** RetrieveNotificationsListResponse: 5.7.10. */
export const RetrieveNotificationsListResponse = explicit(
  0xbf2b,
  choice('RetrieveNotificationsListResponse', {
    notificationList: sequenceOf(0xa0, PendingNotification),
    notificationsListResultError: enumeration(0x81, { undefinedError: 127 }),
  }),
)
export type RetrieveNotificationsListResponse = ValueOf<typeof RetrieveNotificationsListResponse>

/** NotificationSentRequest, of the function RemoveNotificationFromList: 5.7.11. */
export const NotificationSentRequest = named('NotificationSentRequest', sequence(0xbf30, { seqNumber: integer(0x80) }))
export type NotificationSentRequest = ValueOf<typeof NotificationSentRequest>

/** NotificationSentResponse, of the function RemoveNotificationFromList: 5.7.11. */
export const NotificationSentResponse = named(
  'NotificationSentResponse',
  sequence(0xbf30, {
    deleteNotificationStatus: enumeration(0x80, { ok: 0, nothingToDelete: 1, undefinedError: 127 }),
  }),
)
export type NotificationSentResponse = ValueOf<typeof NotificationSentResponse>
