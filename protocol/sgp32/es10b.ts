import {
  boolean,
  type ChoiceValue,
  choice,
  enumeration,
  explicit,
  flag,
  integer,
  named,
  namedBits,
  octetString,
  oid,
  optional,
  retag,
  sequence,
  sequenceOf,
  type TaggedSchema,
  utf8String,
  type ValueOf,
} from '../ber/index.ts'
import { Certificate, NotificationEvent, SubjectKeyIdentifier } from '../sgp22/index.ts'
import { EuiccPackageResult } from './packages.ts'
import { PendingNotification } from './sessions.ts'

/** ES10b functions that SGP.32 v1.2 adds or changes: 5.9. */

/** Deviation: read under tag 01 too, which several IPAs send; AUTOMATIC TAGS makes it 80. */
const refreshFlag = { ...boolean(0x80), tags: [0x80, 0x01] }

/** EuiccMemoryResetRequest: 5.9.5. */
export const EuiccMemoryResetRequest = named(
  'EuiccMemoryResetRequest',
  sequence(0xbf64, {
    resetOptions: namedBits(0x82, [
      'deleteOperationalProfiles',
      'deleteFieldLoadedTestProfiles',
      'resetDefaultSmdpAddress',
      'deletePreLoadedTestProfiles',
      'deleteProvisioningProfiles',
      'resetEimConfigData',
      'resetImmediateEnableConfig',
    ]),
  }),
)
export type EuiccMemoryResetRequest = ValueOf<typeof EuiccMemoryResetRequest>

/** EuiccMemoryResetResponse: 5.9.5. */
export const EuiccMemoryResetResponse = named(
  'EuiccMemoryResetResponse',
  sequence(0xbf64, {
    resetResult: enumeration(0x80, { ok: 0, nothingToDelete: 1, catBusy: 5, ecallActive: 104, undefinedError: 127 }),
    resetEimResult: optional(
      enumeration(0x81, { ok: 0, nothingToDelete: 1, eimResetNotSupported: 2, undefinedError: 127 }),
    ),
    resetImmediateEnableConfigResult: optional(
      enumeration(0x82, { ok: 0, resetIECNotSupported: 1, undefinedError: 127 }),
    ),
  }),
)
export type EuiccMemoryResetResponse = ValueOf<typeof EuiccMemoryResetResponse>

/** GetCertsRequest: 5.9.10. */
export const GetCertsRequest = named(
  'GetCertsRequest',
  sequence(0xbf56, { euiccCiPKId: optional(retag(0x80, SubjectKeyIdentifier)) }),
)
export type GetCertsRequest = ValueOf<typeof GetCertsRequest>

/** GetCertsResponse: 5.9.10. The module spells undfinedError. */
export const GetCertsResponse = explicit(
  0xbf56,
  choice('GetCertsResponse', {
    certs: sequence(0xa0, { eumCertificate: retag(0xa5, Certificate), euiccCertificate: retag(0xa6, Certificate) }),
    getCertsError: enumeration(0x81, { invalidCiPKId: 1, undfinedError: 127 }),
  }),
)
export type GetCertsResponse = ValueOf<typeof GetCertsResponse>

/** RetrieveNotificationsListRequest: 5.9.11. */
export const RetrieveNotificationsListRequest = named(
  'RetrieveNotificationsListRequest',
  sequence(0xbf2b, {
    searchCriteria: optional(
      explicit(
        0xa0,
        choice('searchCriteria', {
          seqNumber: integer(0x80),
          profileManagementOperation: retag(0x81, NotificationEvent),
          euiccPackageResults: flag(0x82),
        }),
      ),
    ),
  }),
)
export type RetrieveNotificationsListRequest = ValueOf<typeof RetrieveNotificationsListRequest>

/** RetrieveNotificationsListResponse: 5.9.11. */
const retrieveNotificationsListResponse = {
  notificationList: sequenceOf(0xa0, PendingNotification),
  notificationsListResultError: enumeration(0x81, { undefinedError: 127 }),
  euiccPackageResultList: sequenceOf(0xa2, EuiccPackageResult),
}
export type RetrieveNotificationsListResponse = ChoiceValue<typeof retrieveNotificationsListResponse>
export const RetrieveNotificationsListResponse: TaggedSchema<RetrieveNotificationsListResponse> = explicit(
  0xbf2b,
  choice('RetrieveNotificationsListResponse', retrieveNotificationsListResponse),
)

/** ImmediateEnableRequest: 5.9.15. */
export const ImmediateEnableRequest = named('ImmediateEnableRequest', sequence(0xbf5a, { refreshFlag }))
export type ImmediateEnableRequest = ValueOf<typeof ImmediateEnableRequest>

/** ImmediateEnableResponse: 5.9.15. */
export const ImmediateEnableResponse = named(
  'ImmediateEnableResponse',
  sequence(0xbf5a, {
    immediateEnableResult: enumeration(0x80, {
      ok: 0,
      immediateEnableNotAvailable: 1,
      noSessionContext: 4,
      catBusy: 5,
      undefinedError: 127,
    }),
  }),
)
export type ImmediateEnableResponse = ValueOf<typeof ImmediateEnableResponse>

/** ProfileRollbackRequest: 5.9.16. */
export const ProfileRollbackRequest = named('ProfileRollbackRequest', sequence(0xbf58, { refreshFlag }))
export type ProfileRollbackRequest = ValueOf<typeof ProfileRollbackRequest>

/** ProfileRollbackResponse: 5.9.16. */
export const ProfileRollbackResponse = named(
  'ProfileRollbackResponse',
  sequence(0xbf58, {
    cmdResult: enumeration(0x02, { ok: 0, rollbackNotAllowed: 1, catBusy: 5, commandError: 7, undefinedError: 127 }),
    eUICCPackageResult: optional(EuiccPackageResult),
  }),
)
export type ProfileRollbackResponse = ValueOf<typeof ProfileRollbackResponse>

/** ConfigureImmediateProfileEnablingRequest: 5.9.17. */
export const ConfigureImmediateProfileEnablingRequest = named(
  'ConfigureImmediateProfileEnablingRequest',
  sequence(0xbf59, {
    immediateEnableFlag: optional(flag(0x80)),
    defaultSmdpOid: optional(oid(0x81)),
    defaultSmdpAddress: optional(utf8String(0x82)),
  }),
)
export type ConfigureImmediateProfileEnablingRequest = ValueOf<typeof ConfigureImmediateProfileEnablingRequest>

/** ConfigureImmediateProfileEnablingResponse: 5.9.17. */
export const ConfigureImmediateProfileEnablingResponse = named(
  'ConfigureImmediateProfileEnablingResponse',
  sequence(0xbf59, {
    configImmediateEnableResult: enumeration(0x80, {
      ok: 0,
      insufficientMemory: 1,
      associatedEimAlreadyExists: 2,
      undefinedError: 127,
    }),
  }),
)
export type ConfigureImmediateProfileEnablingResponse = ValueOf<typeof ConfigureImmediateProfileEnablingResponse>

/** ExecuteFallbackMechanismRequest: 5.9.20. */
export const ExecuteFallbackMechanismRequest = named(
  'ExecuteFallbackMechanismRequest',
  sequence(0xbf5d, { refreshFlag }),
)
export type ExecuteFallbackMechanismRequest = ValueOf<typeof ExecuteFallbackMechanismRequest>

/** ExecuteFallbackMechanismResponse: 5.9.20. */
export const ExecuteFallbackMechanismResponse = named(
  'ExecuteFallbackMechanismResponse',
  sequence(0xbf5d, {
    executeFallbackMechanismResult: enumeration(0x80, {
      ok: 0,
      profileNotInDisabledState: 2,
      catBusy: 5,
      fallbackNotAvailable: 6,
      commandError: 7,
      ecallActive: 104,
      undefinedError: 127,
    }),
  }),
)
export type ExecuteFallbackMechanismResponse = ValueOf<typeof ExecuteFallbackMechanismResponse>

/** ReturnFromFallbackRequest: 5.9.21. */
export const ReturnFromFallbackRequest = named('ReturnFromFallbackRequest', sequence(0xbf5e, { refreshFlag }))
export type ReturnFromFallbackRequest = ValueOf<typeof ReturnFromFallbackRequest>

/** ReturnFromFallbackResponse: 5.9.21. */
export const ReturnFromFallbackResponse = named(
  'ReturnFromFallbackResponse',
  sequence(0xbf5e, {
    returnFromFallbackResult: enumeration(0x80, {
      ok: 0,
      catBusy: 5,
      fallbackNotAvailable: 6,
      commandError: 7,
      undefinedError: 127,
    }),
  }),
)
export type ReturnFromFallbackResponse = ValueOf<typeof ReturnFromFallbackResponse>

/** EnableEmergencyProfileRequest: 5.9.22. */
export const EnableEmergencyProfileRequest = named('EnableEmergencyProfileRequest', sequence(0xbf5b, { refreshFlag }))
export type EnableEmergencyProfileRequest = ValueOf<typeof EnableEmergencyProfileRequest>

/** EnableEmergencyProfileResponse: 5.9.22. */
export const EnableEmergencyProfileResponse = named(
  'EnableEmergencyProfileResponse',
  sequence(0xbf5b, {
    enableEmergencyProfileResult: enumeration(0x80, {
      ok: 0,
      profileNotInDisabledState: 2,
      catBusy: 5,
      ecallNotAvailable: 8,
      undefinedError: 127,
    }),
  }),
)
export type EnableEmergencyProfileResponse = ValueOf<typeof EnableEmergencyProfileResponse>

/** DisableEmergencyProfileRequest: 5.9.23. */
export const DisableEmergencyProfileRequest = named('DisableEmergencyProfileRequest', sequence(0xbf5c, { refreshFlag }))
export type DisableEmergencyProfileRequest = ValueOf<typeof DisableEmergencyProfileRequest>

/** DisableEmergencyProfileResponse: 5.9.23. */
export const DisableEmergencyProfileResponse = named(
  'DisableEmergencyProfileResponse',
  sequence(0xbf5c, {
    disableEmergencyProfileResult: enumeration(0x80, {
      ok: 0,
      profileNotInEnabledState: 2,
      catBusy: 5,
      undefinedError: 127,
    }),
  }),
)
export type DisableEmergencyProfileResponse = ValueOf<typeof DisableEmergencyProfileResponse>

/** GetConnectivityParametersRequest: 5.9.24. */
export const GetConnectivityParametersRequest = named('GetConnectivityParametersRequest', sequence(0xbf5f, {}))

/** GetConnectivityParametersResponse: 5.9.24. httpParams: COMPREHENSION-TLVs, also used for CoAP. */
export const GetConnectivityParametersResponse = explicit(
  0xbf5f,
  choice('GetConnectivityParametersResponse', {
    connectivityParameters: sequence(0xa0, { httpParams: optional(octetString(0x81)) }),
    connectivityParametersError: enumeration(0x81, { parametersNotAvailable: 1, undefinedError: 127 }),
  }),
)
export type GetConnectivityParametersResponse = ValueOf<typeof GetConnectivityParametersResponse>

/** IpaeActivationRequest. */
export const IpaeActivationRequest = named(
  'IpaeActivationRequest',
  sequence(0xbf42, { ipaeOption: namedBits(0x80, ['activateIpae']) }),
)

/** IpaeActivationResponse. */
export const IpaeActivationResponse = named(
  'IpaeActivationResponse',
  sequence(0xbf42, { ipaeActivationResult: enumeration(0x80, { ok: 0, notSupported: 1 }) }),
)
