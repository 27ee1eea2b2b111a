/** Headers of profile elements: TCA eUICC Profile Package: Interoperable Format Technical Specification 3.3.1, 8.2 and annex C (PEDefinitions). */
import {
  exactly,
  flag,
  integer,
  named,
  octetString,
  oid,
  optional,
  sequence,
  sequenceOf,
  utf8String,
  type ValueOf,
} from '../ber/index.ts'

export const uint8 = { min: 0, max: 0xff }
export const uint15 = { min: 0, max: 0x7fff }
export const uint16 = { min: 0, max: 0xffff }
export const uint31 = { min: 0, max: 0x7fffffff }

/** `mandated`: an eUICC that does not support the element refuses the profile instead of skipping the element. */
export const PEHeader = named(
  'PEHeader',
  sequence(0xa0, { mandated: optional(flag(0x80)), identification: integer(0x81, uint15) }),
)
export type PEHeader = ValueOf<typeof PEHeader>

const service = (tag: number) => optional(flag(tag))

/** ServicesList. In the order of their tags, 80 to 9D. */
const ServicesList = named(
  'ServicesList',
  sequence(0xa5, {
    contactless: service(0x80),
    usim: service(0x81),
    isim: service(0x82),
    csim: service(0x83),
    milenage: service(0x84),
    tuak128: service(0x85),
    cave: service(0x86),
    'gba-usim': service(0x87),
    'gba-isim': service(0x88),
    mbms: service(0x89),
    eap: service(0x8a),
    javacard: service(0x8b),
    multos: service(0x8c),
    'multiple-usim': service(0x8d),
    'multiple-isim': service(0x8e),
    'multiple-csim': service(0x8f),
    tuak256: service(0x90),
    'usim-test-algorithm': service(0x91),
    'ber-tlv': service(0x92),
    dfLink: service(0x93),
    'cat-tp': service(0x94),
    'get-identity': service(0x95),
    'profile-a-x25519': service(0x96),
    'profile-b-p256': service(0x97),
    suciCalculatorApi: service(0x98),
    'dns-resolution': service(0x99),
    scp11ac: service(0x9a),
    'scp11c-authorization-mechanism': service(0x9b),
    s16mode: service(0x9c),
    eaka: service(0x9d),
  }),
)
export type ServicesList = ValueOf<typeof ServicesList>

export const applicationIdentifier = (tag: number) => octetString(tag, { min: 5, max: 16 })

/** `iccid`: 10 octets with the first digit in the high nibble, not swapped as everywhere else. */
export const ProfileHeader = named(
  'ProfileHeader',
  sequence(0xa0, {
    'major-version': integer(0x80, uint8),
    'minor-version': integer(0x81, uint8),
    profileType: optional(utf8String(0x82, { min: 1, max: 100 })),
    iccid: octetString(0x83, exactly(10)),
    pol: optional(octetString(0x84)),
    'eUICC-Mandatory-services': ServicesList,
    'eUICC-Mandatory-GFSTEList': sequenceOf(0xa6, oid()),
    connectivityParameters: optional(octetString(0x87)),
    'eUICC-Mandatory-AIDs': optional(
      sequenceOf(0xa8, sequence(0x30, { aid: applicationIdentifier(0x80), version: octetString(0x81, exactly(2)) })),
    ),
    iotOptions: optional(sequence(0xa9, { pix: octetString(0x80, { min: 7, max: 11 }) })),
  }),
)
export type ProfileHeader = ValueOf<typeof ProfileHeader>
