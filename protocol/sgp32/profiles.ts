import {
  boolean,
  type ChoiceValue,
  choice,
  enumeration,
  explicit,
  flag,
  named,
  namedBits,
  octetString,
  optional,
  retag,
  sequence,
  sequenceOf,
  type TaggedSchema,
  type ValueOf,
  withDefault,
} from '../ber/index.ts'
import {
  euiccInfo2Fields,
  profileInfoFields,
  SubjectKeyIdentifier,
  storeMetadataFields,
  VersionType,
} from '../sgp22/index.ts'

/** Types of SGP.22 to which SGP.32 v1.2 adds components. They have the same names and tags. */

/** ISDRProprietaryApplicationTemplateIoT, in the answer to SELECT of the ISD-R: SGP.32 v1.2, 5.9. */
export const ISDRProprietaryApplicationTemplateIoT = named(
  'ISDRProprietaryApplicationTemplateIoT',
  sequence(0xe1, { euiccConfiguration: namedBits(0x80, ['ipaeSupported', 'enabledProfile']) }),
)
export type ISDRProprietaryApplicationTemplateIoT = ValueOf<typeof ISDRProprietaryApplicationTemplateIoT>

/** EUICCInfo2: SGP.32 v1.2, 5.9.2. ipaMode and iotSpecificInfo are mandatory for an IoT eUICC although they are OPTIONAL here. */
const euiccInfo2 = named(
  'EUICCInfo2',
  sequence(0xbf22, {
    ...euiccInfo2Fields,
    ipaMode: optional(enumeration(0x90, { ipad: 0, ipae: 1 })),
    euiccCiPKIdListForSigningV3: optional(sequenceOf(0xb1, SubjectKeyIdentifier)),
    additionalEuiccInfo: optional(octetString(0x92, { max: 32 })),
    highestSvn: optional(retag(0x93, VersionType)),
    iotSpecificInfo: optional(
      named(
        'IoTSpecificInfo',
        sequence(0xb4, {
          iotVersion: sequenceOf(0xa0, VersionType),
          ecallSupported: optional(flag(0x81)),
          fallbackSupported: optional(flag(0x82)),
        }),
      ),
    ),
  }),
)
export interface EUICCInfo2 extends ValueOf<typeof euiccInfo2> {}
export const EUICCInfo2: TaggedSchema<EUICCInfo2> = euiccInfo2

/** ProfileInfo. fallbackAttribute marks the Fallback Profile; fallbackAllowed says that its owner permits it to be one. */
const profileInfo = named(
  'ProfileInfo',
  sequence(0xe3, {
    ...profileInfoFields,
    ecallIndication: optional(boolean(0x9f7b)),
    fallbackAttribute: withDefault(boolean(0x9f26), false),
    fallbackAllowed: optional(boolean(0x9f67)),
  }),
)
export interface ProfileInfo extends ValueOf<typeof profileInfo> {}
export const ProfileInfo: TaggedSchema<ProfileInfo> = profileInfo

/** ProfileInfoListResponse, of ES10b.GetProfilesInfo and of the PSMO listProfileInfo: SGP.32 v1.2, 5.9.14. */
const profileInfoListResponse = {
  profileInfoListOk: sequenceOf(0xa0, ProfileInfo),
  profileInfoListError: enumeration(0x81, { incorrectInputValues: 1, profileChangeOngoing: 11, undefinedError: 127 }),
}
export type ProfileInfoListResponse = ChoiceValue<typeof profileInfoListResponse>
export const ProfileInfoListResponse: TaggedSchema<ProfileInfoListResponse> = explicit(
  0xbf2d,
  choice('ProfileInfoListResponse', profileInfoListResponse),
)

/** StoreMetadataRequest, of ES8+. */
const storeMetadataRequest = named(
  'StoreMetadataRequest',
  sequence(0xbf25, {
    ...storeMetadataFields,
    ecallIndication: optional(boolean(0x9f7b)),
    fallbackAllowed: optional(boolean(0x9f67)),
  }),
)
export interface StoreMetadataRequest extends ValueOf<typeof storeMetadataRequest> {}
export const StoreMetadataRequest: TaggedSchema<StoreMetadataRequest> = storeMetadataRequest
