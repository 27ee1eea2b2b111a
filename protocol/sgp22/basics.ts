import {
  enumeration,
  exactly,
  explicit,
  foreignSequence,
  hexString,
  mapped,
  named,
  namedBits,
  octetString,
  oid,
  optional,
  retag,
  sequence,
  sequenceOf,
  slice,
  swappedHexString,
  utf8String,
  type ValueOf,
} from '../ber/index.ts'

/** RSPDefinitions: SGP.22 v2.5, annex H. Types that several interfaces share. */

export const Octet16 = octetString(0x04, exactly(16))
export const Octet32 = octetString(0x04, exactly(32))

/**
 * Iccid: its digits, without the padding. The ASN.1 knows ten octets, not digits: issuers also use the nibbles A to E, and a card answers an identifier
 * that it does not have with the error of the function, so any nibble is read.
 */
export const Iccid = swappedHexString(0x5a, 10)

/** The EID: its 32 digits. Any nibble is read, as for Iccid. */
export const EidValue = hexString(0x5a, exactly(16))

/** AID of an ISD-P. */
export const IsdpAid = octetString(0x4f, { min: 1, max: 16 })

/** TransactionId: upper-case hexadecimal text, as JSON bindings write it. */
export const TransactionId = hexString(0x80, { min: 1, max: 16 })

/** VersionType as text: `2.5.0`. */
export const VersionType = mapped(octetString(0x04, exactly(3)), {
  read: (octets) => octets.join('.'),
  write: toVersion,
})

function toVersion(text: string): Uint8Array {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)
  const numbers = match?.slice(1).map(Number) ?? []
  if (!match || numbers.some((number) => number > 255)) throw new RangeError(`Not a version: ${text}`)
  return Uint8Array.from(numbers)
}

/** A signature: r and s, each of 32 octets, for every curve of SGP.22. */
export const Signature = octetString(0x5f37, exactly(64))

/** A one-time public key as an uncompressed point. */
export const OneTimePublicKey = octetString(0x5f49)

/** Certificate: DER of an X.509 certificate. */
export const Certificate = foreignSequence('Certificate')

export const SubjectKeyIdentifier = octetString(0x04)

/** PprIds. */
export const PprIds = namedBits(0x03, ['pprUpdateControl', 'ppr1', 'ppr2'])
export type PprIds = ValueOf<typeof PprIds>

/** NotificationEvent. */
export const NotificationEvent = namedBits(0x03, [
  'notificationInstall',
  'notificationEnable',
  'notificationDisable',
  'notificationDelete',
])
export type NotificationEvent = ValueOf<typeof NotificationEvent>

export const IconType = enumeration(0x02, { jpg: 0, png: 1 })
export const ProfileState = enumeration(0x02, { disabled: 0, enabled: 1 })
export type ProfileState = ValueOf<typeof ProfileState>
export const ProfileClass = enumeration(0x02, { test: 0, provisioning: 1, operational: 2 })
export type ProfileClass = ValueOf<typeof ProfileClass>

/** OperatorId. mccMnc is coded as in 3GPP TS 24.008; gid1 and gid2 are the content of EF GID1 and EF GID2. */
export const OperatorId = named(
  'OperatorId',
  sequence(0x30, {
    mccMnc: octetString(0x80, exactly(3)),
    gid1: optional(octetString(0x81)),
    gid2: optional(octetString(0x82)),
  }),
)
export type OperatorId = ValueOf<typeof OperatorId>

/** NotificationConfigurationInformation. */
export const NotificationConfigurationInformation = named(
  'NotificationConfigurationInformation',
  sequence(0x30, {
    profileManagementOperation: retag(0x80, NotificationEvent),
    notificationAddress: utf8String(0x81),
  }),
)
export type NotificationConfigurationInformation = ValueOf<typeof NotificationConfigurationInformation>

/** VendorSpecificExtension. The data is one TLV of the vendor's own type. */
export const VendorSpecificExtension = named(
  'VendorSpecificExtension',
  sequenceOf(0x30, sequence(0x30, { vendorOid: oid(0x80), vendorSpecificData: explicit(0xa1, slice()) })),
)

/** DpProprietaryData: at most 128 octets with its header. Captured where it is used: the SM-DP+ may add more behind dpOid, which is given back as it came. */
export const DpProprietaryData = named('DpProprietaryData', sequence(0xb8, { dpOid: oid(0x80) }))
