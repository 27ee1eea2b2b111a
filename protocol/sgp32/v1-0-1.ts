import {
  type AnySchema,
  type ChoiceValue,
  choice,
  enumeration,
  exactly,
  explicit,
  flag,
  integer,
  mapped,
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
  EidValue,
  EUICCInfo1,
  NotificationEvent,
  OtherSignedNotification,
  ProfileInstallationResult,
  SubjectKeyIdentifier,
} from '../sgp22/index.ts'
import * as v1_2 from './eim-configuration.ts'
import { EimAcknowledgements, IpaCapabilities, ProfileDownloadTriggerRequest } from './eim-packages.ts'
import { sessionRequests, sessionResponses } from './esipa.ts'
import {
  Eco,
  EimTransactionId,
  EuiccPackageRequest,
  euiccPackageResult,
  euiccPackageResultDataSigned,
  euiccResults,
  listEimResult,
  psmos,
} from './packages.ts'
import { EUICCInfo2 } from './profiles.ts'
import { PendingNotification } from './sessions.ts'

/**
 * SGP.32 v1.0.1: the types whose octets differ from v1.2. All others of v1.0.1 are those of v1.2 without the components and codes that were added
 * behind their ends. Components have the names of v1.2 where they have the octets of v1.2; `namesIn1_0_1` has the others. Source: the ASN.1 module that
 * onomondo-ipa and onomondo-eim are built from.
 */

export const namesIn1_0_1: Readonly<Record<string, string>> = {
  configureImmediateEnable: 'configureAutoEnable',
  configureImmediateEnableResult: 'configureAutoEnableResult',
  configImmediateEnableResult: 'configAutoEnableResult',
  immediateEnableFlag: 'autoEnableFlag',
  immediateEnableResult: 'enableUsingDDResult',
  defaultSmdpOid: 'smdpOid',
  defaultSmdpAddress: 'smdpAddress',
  resetImmediateEnableConfigResult: 'resetAutoEnableConfigResult',
  ImmediateEnableRequest: 'EnableUsingDDRequest',
  ImmediateEnableResponse: 'EnableUsingDDResponse',
  ConfigureImmediateProfileEnablingRequest: 'ConfigureAutoProfileEnablingRequest',
  ConfigureImmediateProfileEnablingResponse: 'ConfigureAutoProfileEnablingResponse',
}

/** Psmo: 2.11.1.1.3. */
export const Psmo = choice('Psmo', psmos)
/** EuiccPackage: 2.11.1.1. */
export const EuiccPackage = choice('EuiccPackage', { psmoList: sequenceOf(0xa0, Psmo), ecoList: sequenceOf(0xa1, Eco) })

/** What the version does not have is sent as what it has instead. */
const sentAs = <T>(schema: TaggedSchema<T>, write: (value: NoInfer<T>) => NoInfer<T>): TaggedSchema<T> =>
  mapped<T, T>(schema, { read: (value) => value, write })

/** EuiccResultData: 2.11.2.1. */
export const EuiccResultData = choice('EuiccResultData', {
  ...euiccResults,
  enableResult: sentAs(euiccResults.enableResult, (code) =>
    ['ok', 'iccidOrAidNotFound', 'profileNotInDisabledState'].includes(code) ? code : 'undefinedError',
  ),
  disableResult: sentAs(euiccResults.disableResult, (code) =>
    ['ok', 'iccidOrAidNotFound', 'profileNotInEnabledState'].includes(code) ? code : 'undefinedError',
  ),
  deleteResult: sentAs(euiccResults.deleteResult, (code) =>
    ['ok', 'iccidOrAidNotFound', 'profileNotInDisabledState'].includes(code) ? code : 'undefinedError',
  ),
  addEimResult: sentAs(euiccResults.addEimResult, (result) =>
    result.value === 'associatedEimAlreadyExists'
      ? ({ kind: 'addEimResultCode', value: 'commandError' } as const)
      : result,
  ),
  listEimResult: listEimResult(0x84),
})
/** EuiccPackageResultDataSigned: 2.11.2.1. */
export const EuiccPackageResultDataSigned = euiccPackageResultDataSigned(EuiccResultData)
/** EuiccPackageResult: 2.11.2.1. Its signatures cover the signature of the package instead of the association token. */
export const EuiccPackageResult = euiccPackageResult(EuiccPackageResultDataSigned)

/** AddInitialEimResponse: 5.9.4. Error 2 is called unsignedEimConfigDisallowed. */
export const AddInitialEimResponse = sentAs(v1_2.AddInitialEimResponse, (response) =>
  response.value === 'commandError' ? ({ kind: 'addInitialEimError', value: 'undefinedError' } as const) : response,
)

/** EuiccMemoryResetRequest, under the tag of the function of SGP.22: 5.9.5. The last option is called resetAutoEnableConfig. */
export const EuiccMemoryResetRequest = named(
  'EuiccMemoryResetRequest',
  sequence(0xbf34, {
    resetOptions: namedBits(0x82, [
      'deleteOperationalProfiles',
      'deleteFieldLoadedTestProfiles',
      'resetDefaultSmdpAddress',
      'resetEimConfigData',
      'resetImmediateEnableConfig',
    ]),
  }),
)
export type EuiccMemoryResetRequest = ValueOf<typeof EuiccMemoryResetRequest>

const resetResult = enumeration(0x02, { ok: 0, nothingToDelete: 1, catBusy: 5, undefinedError: 127 })

/** EuiccMemoryResetResponse: 5.9.5. Unverified: tag 02 of resetResult, which the module gives it; 80, as in SGP.22, is read too. */
export const EuiccMemoryResetResponse = named(
  'EuiccMemoryResetResponse',
  sequence(0xbf34, {
    resetResult: { ...resetResult, tags: [0x02, 0x80] },
    resetEimResult: optional(
      enumeration(0x81, { ok: 0, nothingToDelete: 1, eimResetNotSupported: 2, undefinedError: 127 }),
    ),
    resetImmediateEnableConfigResult: optional(
      enumeration(0x82, { ok: 0, resetAECNotSupported: 1, undefinedError: 127 }),
    ),
  }),
)
export type EuiccMemoryResetResponse = ValueOf<typeof EuiccMemoryResetResponse>

/** EnableUsingDDRequest: 5.9.15. */
export const ImmediateEnableRequest = named('ImmediateEnableRequest', sequence(0xbf5a, {}))

const notificationList = sequenceOf(0xa0, PendingNotification)
const euiccPackageResultList = (tag: number) => sequenceOf(tag, EuiccPackageResult)

/** RetrieveNotificationsListResponse: 5.9.11. */
const retrieveNotificationsListResponse = {
  notificationList,
  notificationsListResultError: enumeration(0x81, { undefinedError: 127 }),
  euiccPackageResultList: euiccPackageResultList(0xa2),
  notificationAndEprList: sequence(0xa3, { notificationList, euiccPackageResultList: euiccPackageResultList(0xa1) }),
}
export type RetrieveNotificationsListResponse = ChoiceValue<typeof retrieveNotificationsListResponse>
export const RetrieveNotificationsListResponse: TaggedSchema<RetrieveNotificationsListResponse> = explicit(
  0xbf2b,
  choice('RetrieveNotificationsListResponse', retrieveNotificationsListResponse),
)

/** IpaEuiccDataRequest: 2.11.1.2. */
export const IpaEuiccDataRequest = named(
  'IpaEuiccDataRequest',
  sequence(0xbf52, {
    tagList: tagList(),
    euiccCiPKId: optional(SubjectKeyIdentifier),
    searchCriteria: optional(
      explicit(
        0xa1,
        choice('searchCriteria', {
          seqNumber: integer(0x80),
          profileManagementOperation: retag(0x81, NotificationEvent),
          euiccPackageResults: flag(0x82),
        }),
      ),
    ),
  }),
)
export type IpaEuiccDataRequest = ValueOf<typeof IpaEuiccDataRequest>

/** IpaEuiccData: 2.11.2.2. */
const ipaEuiccData = named(
  'IpaEuiccData',
  sequence(0x30, {
    defaultSmdpAddress: optional(utf8String(0x80)),
    euiccInfo1: optional(EUICCInfo1),
    euiccInfo2: optional(EUICCInfo2),
    rootSmdsAddress: optional(utf8String(0x83)),
    associationToken: optional(integer(0x84)),
    eumCertificate: optional(retag(0xa5, Certificate)),
    euiccCertificate: optional(retag(0xa6, Certificate)),
    ipaCapabilities: optional(retag(0xa8, IpaCapabilities)),
    deviceInfo: optional(retag(0xa9, DeviceInfo)),
    notificationsList: optional(RetrieveNotificationsListResponse),
  }),
)
export interface IpaEuiccData extends ValueOf<typeof ipaEuiccData> {}
export const IpaEuiccData: TaggedSchema<IpaEuiccData> = ipaEuiccData

/** IpaEuiccDataResponse: 2.11.2.2. */
const ipaEuiccDataResponse = {
  ipaEuiccData: retag(0xa0, IpaEuiccData),
  ipaEuiccDataError: enumeration(0x81, { incorrectTagList: 1, euiccCiPKIdNotFound: 5, undefinedError: 127 }),
}
export type IpaEuiccDataResponse = ChoiceValue<typeof ipaEuiccDataResponse>
export const IpaEuiccDataResponse: TaggedSchema<IpaEuiccDataResponse> = explicit(
  0xbf52,
  choice('IpaEuiccDataResponse', ipaEuiccDataResponse),
)

/** ProfileDownloadTriggerResult: 2.11.2.3. */
const profileDownloadTriggerResult = named(
  'ProfileDownloadTriggerResult',
  sequence(0xbf54, {
    eimTransactionId: optional(EimTransactionId),
    profileDownloadTriggerResultData: choice('profileDownloadTriggerResultData', {
      profileInstallationResult: ProfileInstallationResult,
      profileDownloadError: sequence(0x30, { errorResponse: optional(octetString(0x80)) }),
    }),
  }),
)
export interface ProfileDownloadTriggerResult extends ValueOf<typeof profileDownloadTriggerResult> {}
export const ProfileDownloadTriggerResult: TaggedSchema<ProfileDownloadTriggerResult> = profileDownloadTriggerResult

/** GetEimPackageRequest: 6.3.2.6. */
export const GetEimPackageRequest = named(
  'GetEimPackageRequest',
  sequence(0xbf4f, {
    eidValue: EidValue,
    notifyStateChange: optional(flag(0x80)),
    rPLMN: optional(octetString(0x81, exactly(3))),
  }),
)
export type GetEimPackageRequest = ValueOf<typeof GetEimPackageRequest>

/** GetEimPackageResponse: 6.3.2.6. */
export const GetEimPackageResponse = explicit(
  0xbf4f,
  choice('GetEimPackageResponse', {
    euiccPackageRequest: EuiccPackageRequest,
    ipaEuiccDataRequest: IpaEuiccDataRequest,
    profileDownloadTriggerRequest: ProfileDownloadTriggerRequest,
    eimPackageError: enumeration(0x02, { noEimPackageAvailable: 1, undefinedError: 127 }),
  }),
)
export type GetEimPackageResponse = ValueOf<typeof GetEimPackageResponse>

const eprAndNotifications = sequence(0x30, {
  euiccPackageResult: EuiccPackageResult,
  notificationList: RetrieveNotificationsListResponse,
})
const eimPackageError = enumeration(0x02, { invalidPackageFormat: 1, unknownPackage: 2, undefinedError: 127 })

/** ProvideEimPackageResult: 6.3.2.7. The result alone, without an EID. */
const provideEimPackageResult = {
  euiccPackageResult: EuiccPackageResult,
  ePRAndNotifications: eprAndNotifications,
  ipaEuiccDataResponse: IpaEuiccDataResponse,
  profileDownloadTriggerResult: ProfileDownloadTriggerResult,
  eimPackageError,
}
export type ProvideEimPackageResult = ChoiceValue<typeof provideEimPackageResult>
export const ProvideEimPackageResult: TaggedSchema<ProvideEimPackageResult> = explicit(
  0xbf50,
  choice('ProvideEimPackageResult', provideEimPackageResult),
)

/** ProvideEimPackageResultResponse: 6.3.2.7. */
export const ProvideEimPackageResultResponse = named(
  'ProvideEimPackageResultResponse',
  sequence(0xbf50, { eimAcknowledgements: optional(EimAcknowledgements) }),
)
export type ProvideEimPackageResultResponse = ValueOf<typeof ProvideEimPackageResultResponse>

/** TransferEimPackageRequest: 6.3.3.1. */
export const TransferEimPackageRequest = explicit(
  0xbf4e,
  choice('TransferEimPackageRequest', {
    euiccPackageRequest: EuiccPackageRequest,
    ipaEuiccDataRequest: IpaEuiccDataRequest,
    eimAcknowledgements: EimAcknowledgements,
    profileDownloadTriggerRequest: ProfileDownloadTriggerRequest,
  }),
)
export type TransferEimPackageRequest = ValueOf<typeof TransferEimPackageRequest>

/** TransferEimPackageResponse: 6.3.3.1. */
export const TransferEimPackageResponse = explicit(
  0xbf4e,
  choice('TransferEimPackageResponse', {
    euiccPackageResult: EuiccPackageResult,
    ePRAndNotifications: eprAndNotifications,
    ipaEuiccDataResponse: IpaEuiccDataResponse,
    eimPackageReceived: flag(),
    eimPackageError,
  }),
)
export type TransferEimPackageResponse = ValueOf<typeof TransferEimPackageResponse>

/**
 * HandleNotificationEsipa: 6.3.2.4. Sent with the tags that AUTOMATIC TAGS gives the alternatives in X.680, as onomondo-ipa does. Deviation: read without
 * them too, except for compact forms, whose own tags collide with them.
 */
const handleNotificationEsipa = {
  pendingNotification: choice('PendingNotification', {
    profileInstallationResult: ProfileInstallationResult,
    otherSignedNotification: OtherSignedNotification,
  }),
  taggedPendingNotification: explicit(0xa0, PendingNotification),
  provideEimPackageResult: ProvideEimPackageResult,
  taggedProvideEimPackageResult: retag(0xa1, ProvideEimPackageResult),
}
export type HandleNotificationEsipa = ChoiceValue<typeof handleNotificationEsipa>
export const HandleNotificationEsipa: TaggedSchema<HandleNotificationEsipa> = explicit(
  0xbf3d,
  choice('HandleNotificationEsipa', handleNotificationEsipa),
)

/** EsipaMessageFromIpaToEim: 6.3.1. */
const EsipaMessageFromIpaToEim: AnySchema = choice('EsipaMessageFromIpaToEim', {
  ...sessionRequests,
  handleNotificationEsipa: HandleNotificationEsipa,
  transferEimPackageResponse: TransferEimPackageResponse,
  getEimPackageRequest: GetEimPackageRequest,
  provideEimPackageResult: ProvideEimPackageResult,
})

/** EsipaMessageFromEimToIpa: 6.3.1. */
const EsipaMessageFromEimToIpa: AnySchema = choice('EsipaMessageFromEimToIpa', {
  ...sessionResponses,
  transferEimPackageRequest: TransferEimPackageRequest,
  getEimPackageResponse: GetEimPackageResponse,
  provideEimPackageResultResponse: ProvideEimPackageResultResponse,
})

/** By their names in the ASN.1. */
export const sgp32v1_0_1Types: Readonly<Record<string, AnySchema>> = {
  AddInitialEimResponse,
  EsipaMessageFromEimToIpa,
  EsipaMessageFromIpaToEim,
  EuiccMemoryResetRequest,
  EuiccMemoryResetResponse,
  EuiccPackage,
  EuiccPackageResult,
  EuiccPackageResultDataSigned,
  EuiccResultData,
  GetEimPackageRequest,
  GetEimPackageResponse,
  HandleNotificationEsipa,
  ImmediateEnableRequest,
  IpaEuiccDataRequest,
  IpaEuiccDataResponse,
  ProfileDownloadTriggerResult,
  ProvideEimPackageResult,
  ProvideEimPackageResultResponse,
  Psmo,
  RetrieveNotificationsListResponse,
  TransferEimPackageRequest,
  TransferEimPackageResponse,
}
