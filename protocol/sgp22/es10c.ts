import {
  boolean,
  type ChoiceValue,
  captured,
  choice,
  enumeration,
  explicit,
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
  DpProprietaryData,
  EidValue,
  Iccid,
  IconType,
  IsdpAid,
  NotificationConfigurationInformation,
  OperatorId,
  PprIds,
  ProfileClass,
  ProfileState,
  VendorSpecificExtension,
} from './basics.ts'

/** ES10c and ES10b.GetRAT: SGP.22 v2.5, 5.7. */

/** ProfileInfoListRequest, of the function GetProfilesInfo: 5.7.15. */
export const ProfileInfoListRequest = named(
  'ProfileInfoListRequest',
  sequence(0xbf2d, {
    searchCriteria: optional(
      explicit(
        0xa0,
        choice('searchCriteria', { isdpAid: IsdpAid, iccid: Iccid, profileClass: retag(0x95, ProfileClass) }),
      ),
    ),
    tagList: optional(tagList()),
  }),
)
export type ProfileInfoListRequest = ValueOf<typeof ProfileInfoListRequest>

/** The components of ProfileInfo that SGP.22 v2.5 has; SGP.32 adds more behind them. */
export const profileInfoFields = {
  iccid: optional(Iccid),
  isdpAid: optional(IsdpAid),
  profileState: optional(retag(0x9f70, ProfileState)),
  profileNickname: optional(utf8String(0x90, { max: 64 })),
  serviceProviderName: optional(utf8String(0x91, { max: 32 })),
  profileName: optional(utf8String(0x92, { max: 64 })),
  iconType: optional(retag(0x93, IconType)),
  icon: optional(octetString(0x94, { max: 1024 })),
  profileClass: optional(retag(0x95, ProfileClass)),
  notificationConfigurationInfo: optional(sequenceOf(0xb6, NotificationConfigurationInformation)),
  profileOwner: optional(retag(0xb7, OperatorId)),
  dpProprietaryData: optional(captured(DpProprietaryData)),
  profilePolicyRules: optional(retag(0x99, PprIds)),
  serviceSpecificDataStoredInEuicc: optional(retag(0xbf22, VendorSpecificExtension)),
} as const

/** ProfileInfo: 5.7.15. */
const profileInfo = named('ProfileInfo', sequence(0xe3, profileInfoFields))
export interface ProfileInfo extends ValueOf<typeof profileInfo> {}
export const ProfileInfo: TaggedSchema<ProfileInfo> = profileInfo

/** ProfileInfoListResponse, of the function GetProfilesInfo: 5.7.15. */
const profileInfoListResponse = {
  profileInfoListOk: sequenceOf(0xa0, ProfileInfo),
  profileInfoListError: enumeration(0x81, { incorrectInputValues: 1, undefinedError: 127 }),
}
export type ProfileInfoListResponse = ChoiceValue<typeof profileInfoListResponse>
export const ProfileInfoListResponse: TaggedSchema<ProfileInfoListResponse> = explicit(
  0xbf2d,
  choice('ProfileInfoListResponse', profileInfoListResponse),
)

const ProfileIdentifier = choice('profileIdentifier', { isdpAid: IsdpAid, iccid: Iccid })

/** EnableProfileRequest: 5.7.16. */
export const EnableProfileRequest = named(
  'EnableProfileRequest',
  sequence(0xbf31, { profileIdentifier: explicit(0xa0, ProfileIdentifier), refreshFlag: boolean(0x81) }),
)
export type EnableProfileRequest = ValueOf<typeof EnableProfileRequest>

/** EnableProfileResponse: 5.7.16. */
export const EnableProfileResponse = named(
  'EnableProfileResponse',
  sequence(0xbf31, {
    enableResult: enumeration(0x80, {
      ok: 0,
      iccidOrAidNotFound: 1,
      profileNotInDisabledState: 2,
      disallowedByPolicy: 3,
      wrongProfileReenabling: 4,
      catBusy: 5,
      undefinedError: 127,
    }),
  }),
)
export type EnableProfileResponse = ValueOf<typeof EnableProfileResponse>

/** DisableProfileRequest: 5.7.17. */
export const DisableProfileRequest = named(
  'DisableProfileRequest',
  sequence(0xbf32, { profileIdentifier: explicit(0xa0, ProfileIdentifier), refreshFlag: boolean(0x81) }),
)
export type DisableProfileRequest = ValueOf<typeof DisableProfileRequest>

/** DisableProfileResponse: 5.7.17. */
export const DisableProfileResponse = named(
  'DisableProfileResponse',
  sequence(0xbf32, {
    disableResult: enumeration(0x80, {
      ok: 0,
      iccidOrAidNotFound: 1,
      profileNotInEnabledState: 2,
      disallowedByPolicy: 3,
      catBusy: 5,
      undefinedError: 127,
    }),
  }),
)
export type DisableProfileResponse = ValueOf<typeof DisableProfileResponse>

/** DeleteProfileRequest: 5.7.18. */
export const DeleteProfileRequest = explicit(0xbf33, choice('DeleteProfileRequest', { isdpAid: IsdpAid, iccid: Iccid }))
export type DeleteProfileRequest = ValueOf<typeof DeleteProfileRequest>

/** DeleteProfileResponse: 5.7.18. */
export const DeleteProfileResponse = named(
  'DeleteProfileResponse',
  sequence(0xbf33, {
    deleteResult: enumeration(0x80, {
      ok: 0,
      iccidOrAidNotFound: 1,
      profileNotInDisabledState: 2,
      disallowedByPolicy: 3,
      undefinedError: 127,
    }),
  }),
)
export type DeleteProfileResponse = ValueOf<typeof DeleteProfileResponse>

/** EuiccMemoryResetRequest: 5.7.19. */
export const EuiccMemoryResetRequest = named(
  'EuiccMemoryResetRequest',
  sequence(0xbf34, {
    resetOptions: namedBits(0x82, [
      'deleteOperationalProfiles',
      'deleteFieldLoadedTestProfiles',
      'resetDefaultSmdpAddress',
    ]),
  }),
)
export type EuiccMemoryResetRequest = ValueOf<typeof EuiccMemoryResetRequest>

/** EuiccMemoryResetResponse: 5.7.19. */
export const EuiccMemoryResetResponse = named(
  'EuiccMemoryResetResponse',
  sequence(0xbf34, {
    resetResult: enumeration(0x80, { ok: 0, nothingToDelete: 1, catBusy: 5, undefinedError: 127 }),
  }),
)
export type EuiccMemoryResetResponse = ValueOf<typeof EuiccMemoryResetResponse>

/** GetEuiccDataRequest, of the function GetEID: 5.7.20. The only tag of the list is 5A. */
export const GetEuiccDataRequest = named('GetEuiccDataRequest', sequence(0xbf3e, { tagList: tagList() }))
export type GetEuiccDataRequest = ValueOf<typeof GetEuiccDataRequest>

/** GetEuiccDataResponse, of the function GetEID: 5.7.20. */
export const GetEuiccDataResponse = named('GetEuiccDataResponse', sequence(0xbf3e, { eidValue: EidValue }))
export type GetEuiccDataResponse = ValueOf<typeof GetEuiccDataResponse>

/** SetNicknameRequest: 5.7.21. */
export const SetNicknameRequest = named(
  'SetNicknameRequest',
  sequence(0xbf29, { iccid: Iccid, profileNickname: utf8String(0x90, { max: 64 }) }),
)
export type SetNicknameRequest = ValueOf<typeof SetNicknameRequest>

/** SetNicknameResponse: 5.7.21. */
export const SetNicknameResponse = named(
  'SetNicknameResponse',
  sequence(0xbf29, { setNicknameResult: enumeration(0x80, { ok: 0, iccidNotFound: 1, undefinedError: 127 }) }),
)
export type SetNicknameResponse = ValueOf<typeof SetNicknameResponse>

/** GetRatRequest: 5.7.22. */
export const GetRatRequest = named('GetRatRequest', sequence(0xbf43, {}))

/** RulesAuthorisationTable: 2.9.2. In mccMnc a nibble E stands for any digit. */
export const RulesAuthorisationTable = named(
  'RulesAuthorisationTable',
  sequenceOf(
    0x30,
    named(
      'ProfilePolicyAuthorisationRule',
      sequence(0x30, {
        pprIds: retag(0x80, PprIds),
        allowedOperators: sequenceOf(0xa1, OperatorId),
        pprFlags: namedBits(0x82, ['consentRequired']),
      }),
    ),
  ),
)
export type RulesAuthorisationTable = ValueOf<typeof RulesAuthorisationTable>

/** GetRatResponse: 5.7.22. */
export const GetRatResponse = named('GetRatResponse', sequence(0xbf43, { rat: retag(0xa0, RulesAuthorisationTable) }))
export type GetRatResponse = ValueOf<typeof GetRatResponse>
