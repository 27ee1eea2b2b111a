import {
  type Captured,
  captured,
  concatOctets,
  decode,
  encode,
  enumeration,
  exactly,
  named,
  octetString,
  optional,
  retag,
  sequence,
  sequenceOf,
  slice,
  utf8String,
  type ValueOf,
  withDefault,
} from '../ber/index.ts'
import {
  DpProprietaryData,
  Iccid,
  IconType,
  NotificationConfigurationInformation,
  OneTimePublicKey,
  OperatorId,
  PprIds,
  ProfileClass,
  Signature,
  TransactionId,
  VendorSpecificExtension,
} from './basics.ts'

/** ES8+: SGP.22 v2.5, 5.5. */

/** InitialiseSecureChannelRequest: 5.5.1. keyType 88 is AES; keyLen counts octets. */
export const InitialiseSecureChannelRequest = named(
  'InitialiseSecureChannelRequest',
  sequence(0xbf23, {
    remoteOpId: enumeration(0x82, { installBoundProfilePackage: 1 }),
    transactionId: TransactionId,
    controlRefTemplate: named(
      'ControlRefTemplate',
      sequence(0xa6, {
        keyType: octetString(0x80, exactly(1)),
        keyLen: octetString(0x81, exactly(1)),
        hostId: octetString(0x84, { min: 1, max: 16 }),
      }),
    ),
    smdpOtpk: OneTimePublicKey,
    smdpSign: Signature,
  }),
)
export type InitialiseSecureChannelRequest = ValueOf<typeof InitialiseSecureChannelRequest>

const Elements = sequenceOf(InitialiseSecureChannelRequest.tag, slice())
const isSignature = (element: Uint8Array): boolean =>
  element[0] === Signature.tag >> 8 && element[1] === (Signature.tag & 0xff)

/** What smdpSign covers: the elements before it as they are on the wire, then the one-time key of the eUICC, which is not sent. 5.5.1. */
export function smdpSignInput(request: Captured<InitialiseSecureChannelRequest>, euiccOtpk: Uint8Array): Uint8Array {
  const elements = decode(Elements, request.octets)
  const end = elements.findIndex(isSignature)
  if (end < 0) throw new Error('InitialiseSecureChannelRequest without smdpSign')
  return concatOctets(...elements.slice(0, end), encode(OneTimePublicKey, euiccOtpk))
}

/** ConfigureISDPRequest: 5.5.2. */
export const ConfigureISDPRequest = named(
  'ConfigureISDPRequest',
  sequence(0xbf24, { dpProprietaryData: optional(captured(DpProprietaryData)) }),
)
export type ConfigureISDPRequest = ValueOf<typeof ConfigureISDPRequest>

/** The components of StoreMetadataRequest that SGP.22 v2.5 has; SGP.32 adds more behind them. */
export const storeMetadataFields = {
  iccid: Iccid,
  serviceProviderName: utf8String(0x91, { max: 32 }),
  profileName: utf8String(0x92, { max: 64 }),
  iconType: optional(retag(0x93, IconType)),
  icon: optional(octetString(0x94, { max: 1024 })),
  profileClass: withDefault(retag(0x95, ProfileClass), 'operational'),
  notificationConfigurationInfo: optional(sequenceOf(0xb6, NotificationConfigurationInformation)),
  profileOwner: optional(retag(0xb7, OperatorId)),
  profilePolicyRules: optional(retag(0x99, PprIds)),
  serviceSpecificDataStoredInEuicc: optional(retag(0xbf22, VendorSpecificExtension)),
  serviceSpecificDataNotStoredInEuicc: optional(retag(0xbf23, VendorSpecificExtension)),
} as const

/** StoreMetadataRequest: 5.5.3. */
export const StoreMetadataRequest = named('StoreMetadataRequest', sequence(0xbf25, storeMetadataFields))
export type StoreMetadataRequest = ValueOf<typeof StoreMetadataRequest>

/** ReplaceSessionKeysRequest: 5.5.4. */
export const ReplaceSessionKeysRequest = named(
  'ReplaceSessionKeysRequest',
  sequence(0xbf26, {
    initialMacChainingValue: octetString(0x80),
    ppkEnc: octetString(0x81),
    ppkCmac: octetString(0x82),
  }),
)
export type ReplaceSessionKeysRequest = ValueOf<typeof ReplaceSessionKeysRequest>

/**
 * BoundProfilePackage: 2.5.4. The octet strings are protected segments without their headers: encrypted content and MAC (86, 87) or
 * plain content and MAC (88).
 */
export const BoundProfilePackage = named(
  'BoundProfilePackage',
  sequence(0xbf36, {
    initialiseSecureChannelRequest: captured(InitialiseSecureChannelRequest),
    firstSequenceOf87: sequenceOf(0xa0, octetString(0x87)),
    sequenceOf88: sequenceOf(0xa1, octetString(0x88)),
    secondSequenceOf87: optional(sequenceOf(0xa2, octetString(0x87))),
    sequenceOf86: sequenceOf(0xa3, octetString(0x86)),
  }),
)
export type BoundProfilePackage = ValueOf<typeof BoundProfilePackage>
