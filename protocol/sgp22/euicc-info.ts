import {
  bitString,
  enumeration,
  exactly,
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
import { PprIds, SubjectKeyIdentifier, VersionType } from './basics.ts'

/** GetEuiccInfo1Request: SGP.22 v2.5, 5.7.8. */
export const GetEuiccInfo1Request = named('GetEuiccInfo1Request', sequence(0xbf20, {}))

/** EUICCInfo1: SGP.22 v2.5, 5.7.8. Both lists are in the order of the eUICC's preference. */
export const EUICCInfo1 = named(
  'EUICCInfo1',
  sequence(0xbf20, {
    svn: retag(0x82, VersionType),
    euiccCiPKIdListForVerification: sequenceOf(0xa9, SubjectKeyIdentifier),
    euiccCiPKIdListForSigning: sequenceOf(0xaa, SubjectKeyIdentifier),
  }),
)
export type EUICCInfo1 = ValueOf<typeof EUICCInfo1>

/** UICCCapability: TCA eUICC Profile Package v3.3.1. */
export const UICCCapability = namedBits(0x03, [
  'contactlessSupport',
  'usimSupport',
  'isimSupport',
  'csimSupport',
  'akaMilenage',
  'akaCave',
  'akaTuak128',
  'akaTuak256',
  'usimTestAlgorithm',
  'rfu2',
  'gbaAuthenUsim',
  'gbaAuthenISim',
  'mbmsAuthenUsim',
  'eapClient',
  'javacard',
  'multos',
  'multipleUsimSupport',
  'multipleIsimSupport',
  'multipleCsimSupport',
  'berTlvFileSupport',
  'dfLinkSupport',
  'catTp',
  'getIdentity',
  'profile-a-x25519',
  'profile-b-p256',
  'suciCalculatorApi',
  'dns-resolution',
  'scp11ac',
  'scp11c-authorization-mechanism',
  's16mode',
  'eaka',
  'iotminimal',
])

/** RspCapability. */
export const RspCapability = namedBits(0x03, [
  'additionalProfile',
  'crlSupport',
  'rpmSupport',
  'testProfileSupport',
  'deviceInfoExtensibilitySupport',
  'serviceSpecificDataSupport',
])

/** CertificationDataObject. */
const CertificationDataObject = named(
  'CertificationDataObject',
  sequence(0x30, { platformLabel: utf8String(0x80), discoveryBaseURL: utf8String(0x81) }),
)

/** The components of EUICCInfo2 that SGP.22 v2.5 has; SGP.32 adds more behind them. */
export const euiccInfo2Fields = {
  profileVersion: retag(0x81, VersionType),
  svn: retag(0x82, VersionType),
  euiccFirmwareVer: retag(0x83, VersionType),
  extCardResource: octetString(0x84),
  uiccCapability: retag(0x85, UICCCapability),
  ts102241Version: optional(retag(0x86, VersionType)),
  globalplatformVersion: optional(retag(0x87, VersionType)),
  rspCapability: retag(0x88, RspCapability),
  euiccCiPKIdListForVerification: sequenceOf(0xa9, SubjectKeyIdentifier),
  euiccCiPKIdListForSigning: sequenceOf(0xaa, SubjectKeyIdentifier),
  euiccCategory: optional(enumeration(0x8b, { other: 0, basicEuicc: 1, mediumEuicc: 2, contactlessEuicc: 3 })),
  forbiddenProfilePolicyRules: optional(retag(0x99, PprIds)),
  ppVersion: VersionType,
  sasAcreditationNumber: utf8String(0x0c, { max: 64 }),
  certificationDataObject: optional(retag(0xac, CertificationDataObject)),
  treProperties: optional(namedBits(0x8d, ['isDiscrete', 'isIntegrated', 'usesRemoteMemory'])),
  treProductReference: optional(utf8String(0x8e)),
  additionalEuiccProfilePackageVersions: optional(sequenceOf(0xaf, VersionType)),
} as const

/** GetEuiccInfo2Request: SGP.22 v2.5, 5.7.8. */
export const GetEuiccInfo2Request = named('GetEuiccInfo2Request', sequence(0xbf22, {}))

/** EUICCInfo2: SGP.22 v2.5, 5.7.8. extCardResource is coded as in ETSI TS 102 226. */
const euiccInfo2 = named('EUICCInfo2', sequence(0xbf22, euiccInfo2Fields))
export interface EUICCInfo2 extends ValueOf<typeof euiccInfo2> {}
export const EUICCInfo2: TaggedSchema<EUICCInfo2> = euiccInfo2

/** DeviceCapabilities: the highest release that the device supports of each system. */
const DeviceCapabilities = named(
  'DeviceCapabilities',
  sequence(0xa1, {
    gsmSupportedRelease: optional(retag(0x80, VersionType)),
    utranSupportedRelease: optional(retag(0x81, VersionType)),
    cdma2000onexSupportedRelease: optional(retag(0x82, VersionType)),
    cdma2000hrpdSupportedRelease: optional(retag(0x83, VersionType)),
    cdma2000ehrpdSupportedRelease: optional(retag(0x84, VersionType)),
    eutranEpcSupportedRelease: optional(retag(0x85, VersionType)),
    contactlessSupportedRelease: optional(retag(0x86, VersionType)),
    rspCrlSupportedVersion: optional(retag(0x87, VersionType)),
    nrEpcSupportedRelease: optional(retag(0x88, VersionType)),
    nr5gcSupportedRelease: optional(retag(0x89, VersionType)),
    eutran5gcSupportedRelease: optional(retag(0x8a, VersionType)),
    lpaSvn: optional(retag(0x8b, VersionType)),
    catSupportedClasses: optional(bitString(0x8c)),
    euiccFormFactorType: optional(integer(0x8d)),
    deviceAdditionalFeatureSupport: optional(
      sequence(0xae, {
        naiSupport: optional(retag(0x80, VersionType)),
        groupOfDeviceManufacturerOid: optional(oid(0x81)),
      }),
    ),
  }),
)

/** DeviceInfo: SGP.22 v2.5, 4.2. */
const deviceInfo = named(
  'DeviceInfo',
  sequence(0x30, {
    tac: octetString(0x80, exactly(4)),
    deviceCapabilities: DeviceCapabilities,
    imei: optional(octetString(0x82, exactly(8))),
  }),
)
export interface DeviceInfo extends ValueOf<typeof deviceInfo> {}
export const DeviceInfo: TaggedSchema<DeviceInfo> = deviceInfo
