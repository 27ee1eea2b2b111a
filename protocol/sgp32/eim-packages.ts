import {
  type ChoiceValue,
  choice,
  enumeration,
  explicit,
  flag,
  integer,
  named,
  namedBits,
  octetString,
  optional,
  retag,
  sequence,
  sequenceOf,
  type TaggedSchema,
  tagList,
  utf8String,
  type ValueOf,
} from '../ber/index.ts'
import {
  Certificate,
  DeviceInfo,
  EUICCInfo1,
  NotificationEvent,
  ProfileInstallationResult,
  TransactionId,
} from '../sgp22/index.ts'
import { EimTransactionId, EuiccPackageResult } from './packages.ts'
import { EUICCInfo2 } from './profiles.ts'
import { PendingNotification } from './sessions.ts'

/** eIM Packages and their results: SGP.32 v1.2, 2.11. They travel in ESipa messages. */

/** IpaEuiccDataRequest: 2.11.1.2. tagList names components of IpaEuiccData; the key identifier may be truncated. */
export const IpaEuiccDataRequest = named(
  'IpaEuiccDataRequest',
  sequence(0xbf52, {
    tagList: tagList(),
    euiccCiPKIdentifierToBeUsed: optional(octetString()),
    searchCriteriaNotification: optional(
      explicit(
        0xa1,
        choice('searchCriteriaNotification', {
          seqNumber: integer(0x80),
          profileManagementOperation: retag(0x81, NotificationEvent),
        }),
      ),
    ),
    searchCriteriaEuiccPackageResult: optional(
      explicit(0xa2, choice('searchCriteriaEuiccPackageResult', { seqNumber: integer(0x80) })),
    ),
    eimTransactionId: optional(retag(0x83, TransactionId)),
  }),
)
export type IpaEuiccDataRequest = ValueOf<typeof IpaEuiccDataRequest>

/** IpaCapabilities. */
const ipaCapabilities = named(
  'IpaCapabilities',
  sequence(0x30, {
    ipaFeatures: namedBits(0x80, [
      'directRspServerCommunication',
      'indirectRspServerCommunication',
      'eimDownloadDataHandling',
      'eimCtxParams1Generation',
      'eimProfileMetadataVerification',
      'minimizeEsipaBytes',
    ]),
    ipaSupportedProtocols: optional(
      namedBits(0x81, ['ipaRetrieveHttps', 'ipaRetrieveCoaps', 'ipaInjectHttps', 'ipaInjectCoaps', 'ipaProprietary']),
    ),
  }),
)
export interface IpaCapabilities extends ValueOf<typeof ipaCapabilities> {}
export const IpaCapabilities: TaggedSchema<IpaCapabilities> = ipaCapabilities

/** IpaEuiccData. */
const ipaEuiccData = named(
  'IpaEuiccData',
  sequence(0x30, {
    notificationsList: optional(sequenceOf(0xa0, PendingNotification)),
    defaultSmdpAddress: optional(utf8String(0x81)),
    euiccPackageResultList: optional(sequenceOf(0xa2, EuiccPackageResult)),
    euiccInfo1: optional(EUICCInfo1),
    euiccInfo2: optional(EUICCInfo2),
    rootSmdsAddress: optional(utf8String(0x83)),
    associationToken: optional(integer(0x84)),
    eumCertificate: optional(retag(0xa5, Certificate)),
    euiccCertificate: optional(retag(0xa6, Certificate)),
    eimTransactionId: optional(retag(0x87, TransactionId)),
    ipaCapabilities: optional(retag(0xa8, IpaCapabilities)),
    deviceInfo: optional(retag(0xa9, DeviceInfo)),
  }),
)
export interface IpaEuiccData extends ValueOf<typeof ipaEuiccData> {}
export const IpaEuiccData: TaggedSchema<IpaEuiccData> = ipaEuiccData

/** IpaEuiccDataResponse: 2.11.2.2. */
const ipaEuiccDataResponse = {
  ipaEuiccData: retag(0xa0, IpaEuiccData),
  ipaEuiccDataResponseError: sequence(0xa1, {
    eimTransactionId: optional(TransactionId),
    ipaEuiccDataErrorCode: enumeration(0x02, {
      incorrectTagList: 1,
      euiccCiPKIdNotFound: 5,
      ecallActive: 104,
      undefinedError: 127,
    }),
  }),
}
export type IpaEuiccDataResponse = ChoiceValue<typeof ipaEuiccDataResponse>
export const IpaEuiccDataResponse: TaggedSchema<IpaEuiccDataResponse> = explicit(
  0xbf52,
  choice('IpaEuiccDataResponse', ipaEuiccDataResponse),
)

/** ProfileDownloadTriggerRequest: 2.11.1.3. Without profileDownloadData the eIM gives the data of the download itself. */
const profileDownloadTriggerRequest = named(
  'ProfileDownloadTriggerRequest',
  sequence(0xbf54, {
    profileDownloadData: optional(
      explicit(
        0xa0,
        choice('ProfileDownloadData', {
          activationCode: utf8String(0x80, { max: 255 }),
          contactDefaultSmdp: flag(0x81),
          contactSmds: sequence(0xa2, { smdsAddress: optional(utf8String(0x80)) }),
        }),
      ),
    ),
    eimTransactionId: optional(EimTransactionId),
  }),
)
export interface ProfileDownloadTriggerRequest extends ValueOf<typeof profileDownloadTriggerRequest> {}
export const ProfileDownloadTriggerRequest: TaggedSchema<ProfileDownloadTriggerRequest> = profileDownloadTriggerRequest

/** ProfileDownloadTriggerResult: 2.11.2.3. errorResponse: the answer that ended the download. */
const profileDownloadTriggerResult = named(
  'ProfileDownloadTriggerResult',
  sequence(0xbf54, {
    eimTransactionId: optional(EimTransactionId),
    profileDownloadTriggerResultData: choice('profileDownloadTriggerResultData', {
      profileInstallationResult: ProfileInstallationResult,
      profileDownloadError: sequence(0x30, {
        profileDownloadErrorReason: enumeration(0x80, { ecallActive: 104, undefinedError: 127 }),
        errorResponse: optional(octetString()),
      }),
    }),
  }),
)
export interface ProfileDownloadTriggerResult extends ValueOf<typeof profileDownloadTriggerResult> {}
export const ProfileDownloadTriggerResult: TaggedSchema<ProfileDownloadTriggerResult> = profileDownloadTriggerResult

/** EimAcknowledgements: sequence numbers of notifications and eUICC Package Results that the IPA may remove from the eUICC. */
export const EimAcknowledgements = named('EimAcknowledgements', sequenceOf(0xbf53, integer(0x80)))
export type EimAcknowledgements = ValueOf<typeof EimAcknowledgements>

/** ePRAndNotifications. */
export const EprAndNotifications = sequence(0x30, {
  euiccPackageResult: EuiccPackageResult,
  notificationList: sequenceOf(0xa0, PendingNotification),
})
