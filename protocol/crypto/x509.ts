/** X.509 v3 certificates: RFC 5280, as far as the profiles of SGP.22 v2.5, 4.5.2 and SGP.26 use it. */
import {
  asciiString,
  bitString,
  boolean,
  captured,
  choice,
  explicit,
  integer,
  integerOctets,
  named,
  namedBits,
  octetString,
  oid,
  optional,
  retag,
  sequence,
  sequenceOf,
  slice,
  utf8String,
  type ValueOf,
  withDefault,
} from '../ber/index.ts'

const DirectoryString = choice('DirectoryString', {
  utf8String: utf8String(),
  printableString: asciiString(0x13, 'PrintableString'),
  ia5String: asciiString(0x16),
})

export const AttributeTypeAndValue = sequence(0x30, { type: oid(), value: DirectoryString })

export const Name = named('Name', sequenceOf(0x30, sequenceOf(0x31, AttributeTypeAndValue)))
export type Name = ValueOf<typeof Name>

export const AlgorithmIdentifier = sequence(0x30, { algorithm: oid(), parameters: optional(slice()) })

export const Time = choice('Time', {
  utcTime: asciiString(0x17, 'UTCTime'),
  generalTime: asciiString(0x18, 'GeneralizedTime'),
})
export type Time = ValueOf<typeof Time>

export const Validity = sequence(0x30, { notBefore: Time, notAfter: Time })

export const Extension = sequence(0x30, {
  extnID: oid(),
  critical: withDefault(boolean(), false),
  extnValue: octetString(),
})
export type Extension = ValueOf<typeof Extension>

const TBSCertificate = named(
  'TBSCertificate',
  sequence(0x30, {
    version: withDefault(explicit(0xa0, integer()), 0),
    serialNumber: integerOctets(),
    signature: AlgorithmIdentifier,
    issuer: captured(Name),
    validity: Validity,
    subject: captured(Name),
    subjectPublicKeyInfo: slice(),
    issuerUniqueID: optional(retag(0x81, bitString())),
    subjectUniqueID: optional(retag(0x82, bitString())),
    extensions: optional(explicit(0xa3, sequenceOf(0x30, Extension))),
  }),
)

export const X509Certificate = named(
  'Certificate',
  sequence(0x30, {
    tbsCertificate: captured(TBSCertificate),
    signatureAlgorithm: AlgorithmIdentifier,
    signatureValue: bitString(),
  }),
)

/** Shortened: the alternatives that no profile uses stay octets. */
const GeneralName = choice('GeneralName', {
  otherName: octetString(0xa0),
  rfc822Name: asciiString(0x81),
  dNSName: asciiString(0x82),
  x400Address: octetString(0xa3),
  directoryName: explicit(0xa4, Name),
  ediPartyName: octetString(0xa5),
  uniformResourceIdentifier: asciiString(0x86),
  iPAddress: octetString(0x87),
  registeredID: oid(0x88),
})

const keyUsageBits = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const
export type KeyUsage = (typeof keyUsageBits)[number]

/** The extensions that are understood: any other must not be critical. `permittedEins` is of SGP.22 v3. */
export const extensions = {
  subjectKeyIdentifier: { oid: '2.5.29.14', schema: named('SubjectKeyIdentifier', octetString()) },
  authorityKeyIdentifier: {
    oid: '2.5.29.35',
    schema: named('AuthorityKeyIdentifier', sequence(0x30, { keyIdentifier: optional(octetString(0x80)) })),
  },
  keyUsage: { oid: '2.5.29.15', schema: named('KeyUsage', namedBits(0x03, keyUsageBits)) },
  basicConstraints: {
    oid: '2.5.29.19',
    schema: named(
      'BasicConstraints',
      sequence(0x30, { cA: withDefault(boolean(), false), pathLenConstraint: optional(integer()) }),
    ),
  },
  certificatePolicies: {
    oid: '2.5.29.32',
    schema: named('CertificatePolicies', sequenceOf(0x30, sequence(0x30, { policyIdentifier: oid() }))),
  },
  subjectAltName: { oid: '2.5.29.17', schema: named('SubjectAltName', sequenceOf(0x30, GeneralName)) },
  nameConstraints: {
    oid: '2.5.29.30',
    schema: named(
      'NameConstraints',
      sequence(0x30, { permittedSubtrees: optional(sequenceOf(0xa0, sequence(0x30, { base: GeneralName }))) }),
    ),
  },
  extKeyUsage: { oid: '2.5.29.37', schema: named('ExtKeyUsageSyntax', sequenceOf(0x30, oid())) },
  permittedEins: {
    oid: '2.23.146.1.2.2.0',
    schema: named('PermittedEins', sequenceOf(0x30, asciiString(0x13, 'PrintableString'))),
  },
} as const
export type ExtensionName = keyof typeof extensions
export type ExtensionValue<N extends ExtensionName> = ValueOf<(typeof extensions)[N]['schema']>

export const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2'

/** RFC 5480, appendix A. */
export const EcdsaSigValue = sequence(0x30, { r: integerOctets(), s: integerOctets() })

/** The octets of an INTEGER with this unsigned big-endian value. */
export function positiveInteger(octets: Uint8Array): Uint8Array {
  let start = 0
  while (start < octets.length - 1 && octets[start] === 0) start++
  const minimal = octets.subarray(start)
  return (minimal[0] ?? 0x80) < 0x80 ? minimal : Uint8Array.of(0, ...minimal)
}

/** Milliseconds since the Unix epoch. NaN for text that is no time. RFC 5280, 4.1.2.5: years of two digits end in 2049. */
export function timeToMs({ kind, value }: Time): number {
  const digits = kind === 'utcTime' ? (value < '50' ? '20' : '19') + value : value
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(digits)
  if (!parts) return Number.NaN
  const [, year, month, day, hour, minute, second] = parts.map(Number) as [number, ...number[]]
  return Date.UTC(year ?? 0, (month ?? 0) - 1, day, hour, minute, second)
}

export function msToTime(ms: number): Time {
  const digits = new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, '')
  return digits < '2050' ? { kind: 'utcTime', value: digits.slice(2) } : { kind: 'generalTime', value: digits }
}
